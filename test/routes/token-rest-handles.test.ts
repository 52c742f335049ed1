import { expect } from 'chai'
import { textOf } from '../../schemas/fields.ts'
import type { Json, Payload } from '../../schemas/message.ts'
import { tokenRestCreate, tokenRestState, tokenRestStep } from '../support/samples/token-rest.ts'
import { tokenScene, type TokenScene } from '../support/token-door.ts'

const base = '/token-rest/dvc'
const scene = (use: (scene: TokenScene) => Promise<void>, options = {}) =>
  tokenScene({ dialect: 'token-rest', tokenPath: `${base}/token`, options }, use)

const code = 'H49-20261121-0000001'

const without = (row: Payload, ...names: readonly string[]): Payload =>
  Object.fromEntries(Object.entries(row).filter(([name]) => !names.includes(name)))

/** Creates a dossier; its id as the answer has it. */
async function created({ call }: TokenScene, maHoSo: string): Promise<string> {
  const { json } = await call('POST', `${base}/NoiHoSo`, tokenRestCreate(maHoSo))
  return textOf((json['data'] as Payload)['idHoSo'])
}

describe('the id of a dossier that a create has answered', () => {
  it('names the dossier in steps and states without MaHoSo, in any case of its name', () =>
    scene(async (here) => {
      const idHoSo = await created(here, code)
      const step = { ...without(tokenRestStep(code), 'MaHoSo', 'IDHoSo'), idHoSo }
      const state = { ...tokenRestState(code), MaHoSo: '', IdHoSo: idHoSo.toUpperCase() }
      for (const [path, row] of [
        ['CapNhatTienTrinh', step],
        ['CapNhatTrangThai', state],
      ] as const)
        expect((await here.call('POST', `${base}/${path}`, [row])).json).to.deep.include({ code: 200 })
      const kept = await here.latest(code, 'status.updated')
      expect(kept?.payload['data']).to.be.an('array').with.lengthOf(1)
      const [row = {}] = kept?.payload['data'] as readonly Payload[]
      expect(row).to.include({ MaHoSo: code }).and.not.to.have.any.keys('IdHoSo', 'IDHoSo', 'idHoSo')
      expect(await here.received()).to.have.lengthOf(3)
    }))

  it('gives way to MaHoSo where a row has both', () =>
    scene(async (here) => {
      const idHoSo = await created(here, code)
      const other = 'H49-20261121-0000002'
      const row = { ...tokenRestStep(other), IDHoSo: idHoSo }
      expect((await here.call('POST', `${base}/CapNhatTienTrinh`, [row])).status).to.equal(200)
      expect((await here.latest(other, 'status.updated'))?.payload['data']).to.have.lengthOf(1)
      expect(await here.latest(code, 'status.updated')).to.equal(undefined)
    }))

  it('is not known for another: 404, and nothing of the batch is taken', () =>
    scene(async (here) => {
      await created(here, code)
      const strange = { ...without(tokenRestStep(code), 'MaHoSo') }
      const { status, json } = await here.call('POST', `${base}/CapNhatTienTrinh`, [
        tokenRestStep(code),
        strange,
      ])
      expect([status, json['code']]).to.deep.equal([404, 404])
      expect(json['message']).to.contain('IdHoSo')
      expect(await here.received()).to.deep.equal(['dossier.submitted'])
    }))

  it('is looked up for at most 50 dossiers of a request', () =>
    scene(async (here) => {
      const rows: Json = Array.from({ length: 51 }, (_, n) => ({
        ...without(tokenRestStep(code), 'MaHoSo'),
        IDHoSo: `01930000-0000-7000-8000-0000000000${n + 10}`,
      }))
      const { status, json } = await here.call('POST', `${base}/CapNhatTienTrinh`, rows)
      expect(status).to.equal(400)
      expect(json['message']).to.contain('more than 50')
    }))

  it('stays the same where the create is sent again', () =>
    scene(async (here) => {
      expect(await created(here, code)).to.equal(await created(here, code))
    }))
})

describe('a create of a dossier that is known with other content', () => {
  it('is an update where the option says so, and a repeat has no effect', () =>
    scene(
      async ({ call, received }) => {
        const corrected = tokenRestCreate(code, { ChuHoSo: 'Lê Mẫu' })
        for (const body of [tokenRestCreate(code), corrected, corrected])
          expect((await call('POST', `${base}/NoiHoSo`, body)).status).to.equal(200)
        expect(await received()).to.deep.equal(['dossier.submitted', 'dossier.updated'])
      },
      { createAgain: 'update' },
    ))
})
