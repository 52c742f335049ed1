import { expect } from 'chai'
import { v7 } from 'uuid'
import { auditEntry, type AuditEntry } from '../../../schemas/audit.ts'
import type { Credential } from '../../../schemas/credential.ts'
import { GatewayError } from '../../../schemas/errors.ts'
import { forEachEngine, withStore } from '../../support/database.ts'
import { digestOf } from './builders.ts'

const caller = {
  credentialId: 'c1',
  person: 'Trần Thị Thử',
  agency: null,
  roles: ['admin'],
  method: 'key',
} as const
const entry = (act: string): AuditEntry => auditEntry(caller, { act, object: 'o' }, { id: v7(), at: 1_000 })

const credential = (row: Partial<Credential> = {}): Credential => ({
  ...{ id: v7(), kind: 'key', label: 'máy chủ một cửa', person: null, agency: 'H49', roles: ['agency'] },
  ...{ fingerprint: null, validFrom: 0, validTo: 9_000, createdAt: 0 },
  ...{ lastUsedAt: null, unlockedAt: null, revokedAt: null, formerUntil: null },
  ...row,
})

forEachEngine('credentials', (engine) => {
  it('come back as they were created, by proof and by id, with an entry in the audit', () =>
    withStore(engine, async ({ store }) => {
      const made = credential()
      expect(
        await store.createCredential(made, { hash: digestOf('s'), entry: entry('credential.create') }),
      ).to.equal(true)
      const found = await store.findByProof(digestOf('s'), 5)
      expect(found).to.deep.include(made)
      expect(await store.findCredential(made.id, 5)).to.deep.equal(found)
      expect((await store.listAudit({ limit: 5 })).map(({ act }) => act)).to.deep.equal(['credential.create'])
    }))

  it('have no proof in common, a former one included, and a failure leaves nothing in the audit', () =>
    withStore(engine, async ({ store }) => {
      const first = credential()
      await store.createCredential(first, { hash: digestOf('a'), entry: entry('create') })
      await store.changeCredential(first.id, 1, () => ({
        patch: { proof: { hash: digestOf('b'), formerUntil: 100 } },
        entry: entry('rotate'),
      }))
      for (const secret of ['a', 'b'])
        expect(
          await store.createCredential(credential({ createdAt: 5 }), {
            hash: digestOf(secret),
            entry: entry('create'),
          }),
        ).to.equal(false)
      const other = credential()
      await store.createCredential(other, { hash: digestOf('c'), entry: entry('create') })
      const taken = await store.changeCredential(other.id, 1, () => ({
        patch: { proof: { hash: digestOf('b'), formerUntil: null } },
        entry: entry('never'),
      }))
      expect(taken).to.equal('taken')
      expect((await store.listAudit({ limit: 9 })).map(({ act }) => act)).to.deep.equal([
        'create',
        'rotate',
        'create',
      ])
    }))

  it('are rotated: the former secret works until its time, and no third', () =>
    withStore(engine, async ({ store }) => {
      const made = credential()
      await store.createCredential(made, { hash: digestOf('one'), entry: entry('create') })
      const rotate = (secret: string, formerUntil: number | null) =>
        store.changeCredential(made.id, 1, () => ({
          patch: { proof: { hash: digestOf(secret), formerUntil } },
          entry: entry('rotate'),
        }))
      const works = async (secret: string, now: number) =>
        (await store.findByProof(digestOf(secret), now))?.id
      await rotate('two', 100)
      expect([await works('one', 99), await works('two', 99)]).to.deep.equal([made.id, made.id])
      expect(await works('one', 100)).to.equal(undefined)
      expect((await store.findCredential(made.id, 99))?.proofs).to.have.lengthOf(2)
      expect((await store.findCredential(made.id, 100))?.formerUntil).to.equal(null)
      await rotate('three', 200)
      expect([await works('one', 50), await works('two', 50), await works('three', 50)]).to.deep.equal([
        undefined,
        made.id,
        made.id,
      ])
      await rotate('four', null)
      expect([await works('three', 50), await works('four', 50)]).to.deep.equal([undefined, made.id])
    }))

  it('are changed as decided under their lock; what the decision throws undoes all', () =>
    withStore(engine, async ({ store, connect }) => {
      const made = credential()
      await store.createCredential(made, { hash: digestOf('s'), entry: entry('create') })
      const other = await connect('w2')
      const revokeOnce = (by: typeof store) =>
        by
          .changeCredential(made.id, 5, ({ revokedAt }) => {
            if (revokedAt !== null) throw new GatewayError('wrong_state')
            return {
              patch: { revokedAt: 5, unlockedAt: 6, validTo: 7, tokensFrom: 8 },
              entry: entry('revoke'),
            }
          })
          .then(
            () => 'revoked',
            (error: unknown) => (error as GatewayError).code,
          )
      const ends = await Promise.all([store, other, store, other].map(revokeOnce))
      expect(ends.sort()).to.deep.equal(['revoked', 'wrong_state', 'wrong_state', 'wrong_state'])
      expect(await store.findCredential(made.id, 5)).to.include({
        ...{ revokedAt: 5, unlockedAt: 6, validTo: 7, tokensFrom: 8 },
      })
      expect(await store.changeCredential('none', 5, () => expect.fail())).to.equal(null)
      expect(await store.listAudit({ limit: 9, act: 'revoke' })).to.have.lengthOf(1)
    }))

  it('note a use once an hour', () =>
    withStore(engine, async ({ store }) => {
      const made = credential()
      await store.createCredential(made, { hash: digestOf('s'), entry: entry('create') })
      const after = async (now: number) => {
        await store.touchCredential(made.id, now)
        return (await store.findCredential(made.id, 5))?.lastUsedAt
      }
      expect(await after(1_000)).to.equal(1_000)
      expect(await after(1_000 + 3_599_999)).to.equal(1_000)
      expect(await after(1_000 + 3_600_000)).to.equal(3_601_000)
    }))

  it('are listed by body, page by page', () =>
    withStore(engine, async ({ store }) => {
      const rows = ['H49', 'H49', 'G22', null].map((agency) => credential({ agency }))
      for (const row of rows)
        await store.createCredential(row, { hash: digestOf(row.id), entry: entry('create') })
      const ids = rows.map(({ id }) => id)
      const list = async (query: object) =>
        (await store.listCredentials({ limit: 10, ...query }, 5)).map(({ id }) => id)
      expect(await list({})).to.deep.equal(ids)
      expect(await list({ agencies: ['H49'] })).to.deep.equal(ids.slice(0, 2))
      expect(await list({ agencies: [] })).to.deep.equal([])
      expect(await list({ limit: 2 })).to.deep.equal(ids.slice(0, 2))
      expect(await list({ after: ids[1] })).to.deep.equal(ids.slice(2))
    }))
})
