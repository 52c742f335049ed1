import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import type { Agency } from '../../schemas/agency.ts'
import type { Payload } from '../../schemas/message.ts'
import { eventually, withGateway, type LentGateway } from '../support/gateway.ts'
import { ministryWsdl, withMinistry, type Ministry } from '../support/ministry.ts'
import { createParty } from '../support/parties.ts'
import { admit, createPerson } from '../support/people.ts'

const registry = { aliases: { 'portal-core': ['G03'] } }
const province = createParty({ code: 'H49', dialect: 'native-json' })
const password = 'mat-khau-thu-nghiem'

interface Scene {
  readonly lent: LentGateway
  readonly ministry: Ministry
  /** Sends a message of the province; answers the state of its delivery once it is one of these. */
  stateOf(action: string, row: Payload, states: readonly string[]): Promise<string>
}

/** A province, and a ministry that is called by SOAP with a password. */
function scene(use: (scene: Scene) => Promise<void>): Promise<void> {
  return withMinistry((ministry) => {
    ministry.server.authenticate = ({
      UsernameToken: token,
    }: Readonly<Record<string, Readonly<Record<string, unknown>>>>) =>
      token?.['Username'] === 'truc' && (token['Password'] as { readonly $value: string }).$value === password
    const fields = { hoSo: { fields: { So: 'MaHoSo', ThuTuc: 'MaTTHC' } } }
    const options: Agency['options'] = {
      ...{ url: ministry.url, wsdl: ministryWsdl, timeoutMs: 5_000 },
      operations: { 'dossier.submitted': { name: 'TiepNhan', fields } },
      answer: { code: 'TiepNhanResult.Ma', message: 'TiepNhanResult.MoTa' },
      security: { kind: 'username-token', username: 'truc', password: 'text' },
    }
    const parties = [province, createParty({ code: 'G03', dialect: 'soap-push', options })]
    return withGateway(parties, { registry }, async (lent) => {
      const admin = createPerson('admin')
      await admit(lent, parties, [admin], registry)
      const secret = { type: 'application/json', bytes: JSON.stringify({ value: password }) }
      await lent.call(admin.apiKey, 'PUT', '/admin/v1/agencies/G03/secrets/password', secret)
      await use({ lent, ministry, stateOf: (...asked) => stateOf(lent, ...asked) })
    })
  })
}

async function stateOf(
  lent: LentGateway,
  ...[action, row, states]: Parameters<Scene['stateOf']>
): Promise<string> {
  const { status, text, json } = await lent.call(province.apiKey, 'POST', '/v1/messages', {
    ...{ type: 'application/json', bytes: JSON.stringify({ action, payload: { data: [row] } }) },
    headers: { 'idempotency-key': randomUUID() },
  })
  expect(status, text).to.equal(202)
  const check = async () => {
    const seen = await lent.call(province.apiKey, 'GET', `/v1/messages/${String(json['id'])}`)
    const [delivery] = (seen.json as unknown as { deliveries: { state: string }[] }).deliveries
    return delivery !== undefined && states.includes(delivery.state) && delivery.state
  }
  return eventually(`one of ${states.join()}`, check)
}

describe('the SOAP push over HTTP', () => {
  it('delivers a dossier to the operation of a ministry, which knows the gateway by its password', () =>
    scene(async ({ ministry, stateOf }) => {
      const row = { MaHoSo: 'H49-261121-0001', MaTTHC: '1.009901' }
      expect(await stateOf('dossier.submitted', row, ['delivered', 'parked'])).to.equal('delivered')
      expect(ministry.calls).to.deep.equal([{ hoSo: { So: row.MaHoSo, ThuTuc: row.MaTTHC } }])
    }))

  it('takes a code of the ministry for its refusal', () =>
    scene(async ({ ministry, stateOf }) => {
      ministry.answer(() => ({ TiepNhanResult: { Ma: '12', MoTa: 'Thủ tục đã hết hiệu lực' } }))
      const row = { MaHoSo: 'H49-261121-0002', MaTTHC: '1.009901' }
      expect(await stateOf('dossier.submitted', row, ['delivered', 'refused'])).to.equal('refused')
    }))

  it('keeps for a person what the operation cannot carry', () =>
    scene(async ({ ministry, stateOf }) => {
      const row = { MaHoSo: 'H49-261121-0003', MaTTHC: '1.009901', GhiChu: 'không có chỗ' }
      expect(await stateOf('dossier.submitted', row, ['delivered', 'parked'])).to.equal('parked')
      expect(await stateOf('dossier.updated', { MaHoSo: 'H49-261121-0004' }, ['parked'])).to.equal('parked')
      expect(ministry.calls).to.deep.equal([])
    }))
})
