import { expect } from 'chai'
import { v7 } from 'uuid'
import { auditEntry } from '../../../schemas/audit.ts'
import type { MoneyFact } from '../../../schemas/money-fact.ts'
import type { Store } from '../../../adapters/store/store.ts'
import { forEachEngine, withStore } from '../../support/database.ts'
import { askedFact, moneyFact, reference } from '../../support/samples/money.ts'
import { acceptanceOf, t0 } from './builders.ts'

const marker = 'Pham-Thi-Dau-Vet'
const original = Buffer.from(JSON.stringify({ ThongTinGiaoDich: marker }))
const accept = (store: Store, ...facts: readonly MoneyFact[]) =>
  store.acceptMany(facts.map((fact) => acceptanceOf({ facts: [fact] })))
const open = async (store: Store) =>
  (await store.listPaymentCases({ state: 'open', limit: 50 })).map(({ reason }) => reason)
const closing = (reason: string) => ({
  ...{ now: t0 + 5, by: 'c1', reason },
  audit: ({ id }: { readonly id: string }) =>
    auditEntry(
      { credentialId: 'c1', person: null, agency: null, roles: ['operator'], method: 'key' },
      { act: 'payment-case.close', object: id, reason },
      { id: v7(), at: t0 + 5 },
    ),
})

forEachEngine('the ledger of payments', (engine) => {
  it('keeps what messages say of money, in their transaction, and how the payment stands', () =>
    withStore(engine, async ({ store }) => {
      await accept(store, askedFact())
      await accept(store, moneyFact({ kind: 'failed', code: '24', transaction: 'GD1' }), moneyFact())
      const payment = await store.findPayment(reference, 'H49TEST')
      expect(payment).to.deep.include({
        ...{ reference, partner: 'H49TEST', dossier: 'H49.05-261121-0001', sender: 'H49' },
        ...{ state: 'paid', matched: true, asked: 150_000, paid: 150_000, refunded: 0 },
      })
      expect(payment?.facts.map(({ kind }) => kind)).to.deep.equal(['asked', 'failed', 'paid'])
      expect(await store.paymentsOf('H49.05-261121-0001')).to.deep.equal([payment])
      expect(await open(store)).to.deep.equal([])
    }))

  it('adds nothing for a repeat, in one batch or later, and a case for each new doubt', () =>
    withStore(engine, async ({ store }) => {
      await accept(store, askedFact(), moneyFact(), moneyFact())
      await accept(store, moneyFact())
      expect((await store.findPayment(reference, 'H49TEST'))?.facts).to.have.lengthOf(2)
      await accept(store, moneyFact({ transaction: 'GD2' }))
      await accept(store, moneyFact({ transaction: 'GD2' }))
      expect(await open(store)).to.deep.equal(['second_transaction'])
      expect(await store.findPayment(reference, 'H49TEST')).to.include({ paid: 300_000, state: 'paid' })
    }))

  it('keeps what nobody asked for, encrypted and with a case, until somebody does', () =>
    withStore(engine, async ({ store, database: { knex } }) => {
      for (const at of [t0, t0 + 1]) await store.keepFact(moneyFact(), { original, at })
      expect(await store.findPayment(reference, 'H49TEST')).to.include({ matched: false, paid: 150_000 })
      expect(await open(store)).to.deep.equal(['unmatched'])
      const [row] = await knex<{ sealed: Buffer }>('payment_fact').select('sealed')
      expect(row?.sealed.includes(marker)).to.equal(false)
      await accept(store, askedFact())
      expect(await open(store)).to.deep.equal(['undeliverable'])
      await accept(store, moneyFact({ dossier: 'H49.05-261121-0001' }))
      expect(await open(store)).to.deep.equal([])
      const payment = await store.findPayment(reference, 'H49TEST')
      expect(payment).to.include({ matched: true, paid: 150_000, dossier: 'H49.05-261121-0001' })
      expect(payment?.facts.map(({ messageId }) => messageId === null)).to.deep.equal([false, false])
    }))

  it('tells the references of two partners apart, and serves whom names none where there is one only', () =>
    withStore(engine, async ({ store }) => {
      await accept(store, askedFact())
      await accept(store, moneyFact({ partner: '' }))
      expect(await store.findPayment(reference, '')).to.include({ paid: 150_000, partner: 'H49TEST' })
      await accept(store, askedFact({ partner: 'H37TEST', sender: 'H37' }))
      await accept(store, moneyFact({ partner: 'H37TEST', transaction: 'GD9' }))
      expect(await store.findPayment(reference, 'H49TEST')).to.include({ paid: 150_000 })
      expect(await store.findPayment(reference, 'H37TEST')).to.include({ paid: 150_000, sender: 'H37' })
      expect(await store.findPayment(reference, '')).to.equal(null)
    }))

  it('closes a case once, with who and why, audited; its fact stays', () =>
    withStore(engine, async ({ store }) => {
      await accept(store, askedFact(), moneyFact({ amount: 15_000 }))
      const [found] = await store.listPaymentCases({ state: 'open', limit: 1 })
      expect(found).to.deep.include({ reason: 'other_amount', reference, dossier: 'H49.05-261121-0001' })
      expect(found?.fact).to.include({ amount: 15_000, transaction: 'GD20261121000077' })
      const id = found?.id ?? ''
      expect(await store.closePaymentCase(id, closing('đã thu đủ'))).to.equal('done')
      expect(await store.closePaymentCase(id, closing('lần nữa'))).to.equal('already')
      expect(await store.closePaymentCase(v7(), closing('không có'))).to.equal('unknown')
      const [closed] = await store.listPaymentCases({ state: 'closed', limit: 1 })
      expect(closed).to.include({ id, closedBy: 'c1', closedReason: 'đã thu đủ', closedAt: t0 + 5 })
      expect(await store.listAudit({ act: 'payment-case.close', limit: 9 })).to.have.lengthOf(1)
      await accept(store, moneyFact({ amount: 15_000 }))
      expect(await open(store)).to.deep.equal([])
    }))

  it('loses nothing that several processes say of one payment at once', () =>
    withStore(engine, async ({ store, connect }) => {
      const other = await connect('w2')
      const said = [1, 2, 3, 4, 5, 6].map((n) => moneyFact({ transaction: `GD${n}` }))
      await Promise.all([
        ...said.flatMap((fact) => [accept(store, fact), accept(other, fact)]),
        accept(other, askedFact()),
      ])
      const payment = await store.findPayment(reference, 'H49TEST')
      expect(payment).to.include({ paid: 900_000, matched: true })
      expect(payment?.facts).to.have.lengthOf(7)
      expect((await open(store)).filter((reason) => reason === 'second_transaction')).to.have.lengthOf(5)
    }))
})
