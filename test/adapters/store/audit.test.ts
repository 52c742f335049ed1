import { expect } from 'chai'
import { v7 } from 'uuid'
import { auditEntry, type Act } from '../../../schemas/audit.ts'
import { forEachEngine, withStore } from '../../support/database.ts'

const caller = {
  credentialId: 'c1',
  person: 'Trần Thị Thử',
  agency: 'H49',
  roles: ['agency-admin'],
  method: 'key',
} as const
const entry = (act: Act, at: number) => auditEntry(caller, act, { id: v7({ msecs: at }), at })

forEachEngine('audit', (engine) => {
  it('keeps who did what, with before and after, newest first', () =>
    withStore(engine, async ({ store }) => {
      const change = entry(
        {
          act: 'agency.update',
          object: 'H49',
          body: 'H49',
          before: { status: 'testing' },
          after: { status: 'live' },
        },
        1_000,
      )
      const read = entry({ act: 'message.read', object: 'm1', reason: 'khiếu nại' }, 2_000)
      await store.recordAudit([change, read])
      expect(await store.listAudit({ limit: 10 })).to.deep.equal([read, change])
    }))

  it('is read by body, act, object, credential and time, page by page', () =>
    withStore(engine, async ({ store }) => {
      const rows = Array.from({ length: 5 }, (_, n) =>
        entry(
          {
            act: n % 2 === 0 ? 'delivery.skip' : 'message.read',
            object: `o${n}`,
            body: n < 3 ? 'H49' : null,
          },
          n * 1_000,
        ),
      )
      await store.recordAudit(rows)
      const objects = async (query: object) =>
        (await store.listAudit({ limit: 10, ...query })).map(({ object }) => object)
      expect(await objects({ body: 'H49' })).to.deep.equal(['o2', 'o1', 'o0'])
      expect(await objects({ act: 'message.read' })).to.deep.equal(['o3', 'o1'])
      expect(await objects({ object: 'o4' })).to.deep.equal(['o4'])
      expect(await objects({ credentialId: 'other' })).to.deep.equal([])
      expect(await objects({ from: 1_000, to: 3_000 })).to.deep.equal(['o2', 'o1'])
      expect(await objects({ limit: 2 })).to.deep.equal(['o4', 'o3'])
      expect(await objects({ before: rows[3]?.id })).to.deep.equal(['o2', 'o1', 'o0'])
    }))
})
