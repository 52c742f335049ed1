import { expect } from 'chai'
import { forEachEngine, withStore } from '../../support/database.ts'
import { acceptanceOf, t0 } from './builders.ts'

const subjectKey = 'H49.05-261121-0001'
const step = (n: number, subject = subjectKey) =>
  acceptanceOf({ subjectKey: subject, payload: { MaHoSo: subject, ThuTu: n }, receivedAt: t0 + n })

forEachEngine('what is known', (engine) => {
  it('of a subject is its newest message of each action, with its payload', () =>
    withStore(engine, async ({ store }) => {
      const last = step(3)
      await store.acceptMany([step(1), step(2), last, step(4, 'H49.05-261121-0002')])
      const { action } = last.message
      const found = await store.latestMessages(subjectKey, [action, 'status.updated'])
      expect(found.map(({ message }) => [message.id, message.payload])).to.deep.equal([
        [last.message.id, { MaHoSo: subjectKey, ThuTu: 3 }],
      ])
      expect(await store.latestMessages(subjectKey, ['payment.result'])).to.deep.equal([])
      expect(await store.latestMessages('H49.05-261121-9999', [action])).to.deep.equal([])
    }))

  it('of a catalogue is the last change of each code, without those removed', () =>
    withStore(engine, async ({ store }) => {
      const change = (code: string, op: 'upsert' | 'remove', Ten: string) => ({
        catalog: 'tthc',
        code,
        op,
        body: { Ten },
      })
      const other = { ...change('1.000001', 'upsert', 'khác'), catalog: 'linh-vuc' }
      await store.acceptMany([
        acceptanceOf({
          catalogChanges: [change('1.000002', 'upsert', 'cũ'), change('1.000001', 'upsert', 'một')],
        }),
        acceptanceOf({ catalogChanges: [change('1.000002', 'upsert', 'mới'), other], receivedAt: t0 + 5 }),
        acceptanceOf({
          catalogChanges: [change('1.000003', 'upsert', 'ba'), change('1.000003', 'remove', 'ba')],
        }),
      ])
      expect(await store.catalogRows('tthc', null)).to.deep.equal([
        { code: '1.000001', body: { Ten: 'một' }, at: t0 },
        { code: '1.000002', body: { Ten: 'mới' }, at: t0 + 5 },
      ])
      expect(await store.catalogRows('tthc', '1.000002')).to.have.lengthOf(1)
      expect(await store.catalogRows('tthc', '1.000003')).to.deep.equal([])
      expect(await store.catalogRows('khong-co', null)).to.deep.equal([])
    }))
})
