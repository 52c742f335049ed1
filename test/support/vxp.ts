import { expect } from 'chai'
import { writeMoment } from '../../adapters/agencies/vxp/moment.ts'
import type { Agency } from '../../schemas/agency.ts'
import type { SigningKey } from '../../signing/keys.ts'
import { withGateway, type GatewayOptions, type LentGateway } from './gateway.ts'
import { createParty } from './parties.ts'
import { admit, createPerson } from './people.ts'
import { vxpClient, type VxpClient } from './vxp-client.ts'

/** A province and an office whose document systems speak VXP, and a neighbour that pulls plain JSON. */
export interface VxpScene {
  readonly lent: LentGateway
  /** Where the verbs are. */
  readonly url: string
  readonly province: VxpClient
  readonly office: VxpClient
  /** Keys whose certificates the registry holds. */
  readonly signing: Readonly<Record<'province' | 'unit' | 'office', SigningKey>>
  /** A client of another start: its arguments and its timestamp are fresh. */
  fresh(systemId: string, timestamp: string): VxpClient
}

export const provinceSystem = 'H49.W00'
export const officeSystem = '000.00.00.G22'
export const secret = 'demo-secret-0001'
export const neighbour = createParty({ code: 'H37', options: { format: 'json' } })

/** Codes of the fixtures: a unit of the province in its older form. */
const codes = { '000.00.05.H49': 'H49.05' }

interface Given {
  readonly more?: readonly Agency[]
  readonly gateway?: GatewayOptions
  /** Of the province and the office. */
  readonly options?: Agency['options']
}

export const body = (code: string, row: Partial<Agency> = {}): Agency => ({
  ...{ code, name: `Cơ quan ${code}`, partyClass: 'state', status: 'live', dialect: 'vxp', options: {} },
  ...row,
})

export function vxpScene(
  use: (scene: VxpScene) => Promise<void>,
  { more = [], gateway = {}, options: given = {} }: Given = {},
): Promise<void> {
  const options = { codes, ...given }
  const province = createParty({ code: 'H49', dialect: 'vxp', options })
  const unit = createParty({ code: 'H49.05', dialect: 'vxp', parent: 'H49' })
  const office = createParty({
    code: 'G22',
    dialect: 'vxp',
    options: { ...options, generation: '2016', timestampHours: 24 },
  })
  const parties = [province, unit, office, neighbour]
  const agencies = [...parties.map(({ agency }) => agency), ...more]
  const registry = { aliases: { 'portal-core': ['H37'] }, agencies, ...gateway.registry }
  return withGateway(parties, { ...gateway, registry }, async (lent) => {
    const admin = createPerson('admin')
    await admit(lent, parties, [admin], registry)
    const systems = [
      ['H49', provinceSystem],
      ['G22', officeSystem],
    ] as const
    for (const [code, systemId] of systems) await open(lent, admin.apiKey, { code, systemId })
    const url = `${lent.url}/XrdAdapter/adapter`
    const fresh: VxpScene['fresh'] = (systemId, timestamp) => vxpClient({ url, systemId, secret, timestamp })
    const clients = systems.map(([, systemId]) => fresh(systemId, writeMoment(Date.now())))
    const [first, second] = clients as [VxpClient, VxpClient]
    const signing = { province: province.signing, unit: unit.signing, office: office.signing }
    await use({ lent, url, province: first, office: second, signing, fresh })
  })
}

async function open(
  lent: LentGateway,
  apiKey: string,
  { code, systemId }: { readonly code: string; readonly systemId: string },
): Promise<void> {
  const name = encodeURIComponent(`account:vxp:${systemId}`)
  const put = await lent.call(apiKey, 'PUT', `/admin/v1/agencies/${code}/secrets/${name}`, {
    ...{ type: 'application/json', bytes: JSON.stringify({ value: secret }) },
  })
  expect(put.status, put.text).to.be.below(300)
}
