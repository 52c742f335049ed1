import { expect } from 'chai'
import fc from 'fast-check'
import type { Payload } from '../../schemas/message.ts'
import { factsOf, isSameFact, wholeDong, type MoneyFact } from '../../schemas/money-fact.ts'
import { findingsOf, standingOf } from '../../schemas/payment-standing.ts'
import { askedFact, moneyFact } from '../support/samples/money.ts'

/** What the ledger keeps of facts as they come: each once. */
const kept = (said: readonly MoneyFact[]): readonly MoneyFact[] =>
  said.filter((fact, at) => said.findIndex((one) => isSameFact(one, fact)) === at)

const reasonsOf = (said: readonly MoneyFact[]): readonly string[] => [
  ...new Set(
    findingsOf(kept(said))
      .map(({ reason }) => reason)
      .sort(),
  ),
]

const report = fc
  .record({
    kind: fc.constantFrom(
      ...(['paid', 'settled', 'vouched', 'failed', 'pending', 'cancelled'] as const),
      ...(['refund-asked', 'refunded', 'refund-refused', 'recorded'] as const),
    ),
    transaction: fc.constantFrom('GD1', 'GD2', 'GD3', ''),
    amount: fc.option(fc.constantFrom(150_000, 200_000)),
    at: fc.constantFrom(1, 2),
    sender: fc.constantFrom('G22', 'VCB'),
  })
  .map((more) => moneyFact(more as Partial<MoneyFact>))

/** Facts with one request among them, and the same said again in any order, some of it twice. */
const story = fc.array(report, { maxLength: 8 }).chain((reports) => {
  const facts = [askedFact(), ...reports]
  return fc.record({
    facts: fc.constant(facts),
    again: fc
      .tuple(fc.shuffledSubarray(facts, { minLength: facts.length }), fc.subarray(facts))
      .map(([all, some]) => [...all, ...some]),
  })
})

describe('the standing of a payment', () => {
  it('is the same in any order and with any repeats, and so is what a person should look at', () => {
    fc.assert(
      fc.property(story, ({ facts, again }) => {
        expect(standingOf(kept(again))).to.deep.equal(standingOf(kept(facts)))
        expect(reasonsOf(again)).to.deep.equal(reasonsOf(facts))
        expect(kept(again)).to.have.lengthOf(kept(facts).length)
      }),
    )
  })

  it('counts each transaction once, whoever reports it, and loses none', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.nat(50), { maxLength: 10 }),
        fc.array(fc.constantFrom('G22', 'VCB', 'H49'), { minLength: 1, maxLength: 3 }),
        (transactions, senders) => {
          const facts = transactions.flatMap((n) =>
            senders.flatMap((sender) =>
              (['settled', 'vouched', 'paid'] as const).map((kind) =>
                moneyFact({ kind, transaction: `GD${n}`, sender, amount: 1_000 + n }),
              ),
            ),
          )
          const sum = transactions.reduce((total, n) => total + 1_000 + n, 0)
          expect(standingOf(kept([askedFact(), ...facts])).paid).to.equal(sum)
        },
      ),
    )
  })

  it('is paid after a failure and a success, in either order', () => {
    const failed = moneyFact({ kind: 'failed', code: '24', transaction: 'GD1' })
    for (const facts of [
      [askedFact(), failed, moneyFact()],
      [moneyFact(), askedFact(), failed],
    ]) {
      expect(standingOf(facts)).to.deep.equal({
        ...{ state: 'paid', matched: true, asked: 150_000, paid: 150_000, refunded: 0 },
      })
      expect(findingsOf(facts)).to.deep.equal([])
    }
  })

  it('sends a person to what does not add up', () => {
    const cases: readonly (readonly [string, readonly MoneyFact[]])[] = [
      ['unmatched', [moneyFact()]],
      ['second_transaction', [askedFact(), moneyFact(), moneyFact({ transaction: 'GD2' })]],
      ['other_amount', [askedFact(), moneyFact({ amount: 15_000 })]],
      ['other_amount', [askedFact(), moneyFact(), moneyFact({ kind: 'settled', amount: 140_000 })]],
      ['no_amount', [askedFact(), moneyFact({ amount: null })]],
      ['reused_reference', [askedFact(), askedFact({ dossier: 'H49.05-261121-0002' })]],
      ['cancelled', [askedFact(), moneyFact(), askedFact({ kind: 'cancelled' })]],
      ['other_record', [askedFact(), moneyFact({ kind: 'recorded' })]],
      ['other_record', [askedFact(), moneyFact(), moneyFact({ kind: 'recorded', amount: 1 })]],
      ['other_record', [askedFact(), moneyFact(), moneyFact({ kind: 'recorded', transaction: 'GD2' })]],
    ]
    for (const [reason, facts] of cases) expect(reasonsOf(facts), reason).to.deep.equal([reason])
    expect(reasonsOf([moneyFact({ dossier: 'H49.05-261121-0001' })])).to.deep.equal([])
    expect(standingOf([moneyFact()])).to.include({ matched: false, state: 'paid' })
  })

  it('is refunded when as much went back as was paid', () => {
    const back = moneyFact({ kind: 'refunded', transaction: 'HT1', amount: 100_000 })
    expect(standingOf([askedFact(), moneyFact(), back])).to.include({ state: 'paid', refunded: 100_000 })
    const rest = { ...back, transaction: 'HT2', amount: 50_000 }
    expect(standingOf([askedFact(), moneyFact(), back, rest])).to.include({ state: 'refunded' })
  })
})

describe('a money fact', () => {
  const of = (payload: Readonly<Record<string, string | number>>) =>
    factsOf({ action: 'payment.result', sender: 'G22', payload: { MaThamChieu: 'R1', ...payload } })[0]

  it('is success by either spelling, open without a code, else failure', () => {
    expect(of({ MaLoi: '00' })?.kind).to.equal('paid')
    expect(of({ MaLoi: 0 })?.kind).to.equal('paid')
    expect(of({ MaLoi: '24' })?.kind).to.equal('failed')
    expect(of({ MaLoi: 'constructor' })?.kind).to.equal('failed')
    expect(of({})?.kind).to.equal('pending')
    expect(of({ MaLoi: '99', TrangThaiGD: '1' })?.kind).to.equal('paid')
  })

  it('has whole đồng, from text or number', () => {
    expect([of({ SoTien: 150_000 })?.amount, of({ SoTien: '150000.00' })?.amount]).to.deep.equal([
      150_000, 150_000,
    ])
    for (const text of ['150.000', '1e5', '-1', '150000.5', '']) expect(wholeDong(text), text).to.equal(null)
  })

  it('is said once for each row of a settlement', () => {
    const data = ['R1', 'R2'].map((MaThamChieu, at) => ({
      ...{ MaThamChieu, MaHoSo: `H49.05-261121-000${at}`, MaGiaoDich: `GD${at}`, SoTien: '150000' },
      ThoiGianGhiCo: '20261121160000',
    }))
    const facts = factsOf({ action: 'payment.settled', sender: 'G22', payload: { data } })
    expect(facts.map(({ kind, reference, transaction }) => [kind, reference, transaction])).to.deep.equal([
      ['settled', 'R1', 'GD0'],
      ['settled', 'R2', 'GD1'],
    ])
    expect(standingOf(facts.slice(0, 1))).to.include({ state: 'paid', paid: 150_000 })
    const unnamed = moneyFact({ kind: 'settled', transaction: '' })
    expect(standingOf([askedFact(), unnamed])).to.include({ state: 'asked', paid: 0 })
  })

  it('is a payment told again where a voucher names its transaction, else a paper beside it', () => {
    const words = { MaThamChieu: 'R1', MaLoi: '00', MaGiaoDich: 'GD1', SoTien: '150000', SoChungTu: 'CT1' }
    const voucherOf = (payload: Payload) => factsOf({ action: 'payment.voucher', sender: 'G22', payload })
    expect(voucherOf(words)).to.deep.equal([of(words)])
    for (const payload of [
      { ...words, MaGiaoDich: '' },
      { ...words, MaLoi: '' },
    ])
      expect(voucherOf(payload)[0]?.kind).to.equal('vouched')
    const [wish] = factsOf({
      ...{ action: 'payment.refund-requested', sender: 'H49' },
      payload: { MaThamChieu: 'R1', MaYeuCauHoan: 'YC1', SoTienHoan: '150000', NgayYeuCau: '20261122' },
    })
    expect(wish).to.include({ kind: 'refund-asked', transaction: 'YC1', amount: 150_000 })
    if (wish !== undefined)
      expect(standingOf([askedFact(), moneyFact(), wish])).to.include({ state: 'paid', refunded: 0 })
  })

  it('is what books have as paid, which pays nothing, and is no case where it was told or nobody asked for it', () => {
    const row = { MaThamChieu: 'R1', MaLoi: '00', MaGiaoDich: 'GD1', SoTien: '150000' }
    const data = [row, { ...row, MaLoi: '24' }, { ...row, MaLoi: '' }]
    const facts = factsOf({ action: 'payment.records', sender: 'H49', payload: { data } })
    expect(facts.map(({ kind }) => kind)).to.deep.equal(['recorded'])
    expect(standingOf([askedFact(), ...facts])).to.include({ state: 'asked', paid: 0 })
    expect(reasonsOf(facts)).to.deep.equal([])
    for (const transaction of ['GD20261121000077', ''])
      expect(
        reasonsOf([askedFact(), moneyFact(), moneyFact({ kind: 'recorded', sender: 'H49', transaction })]),
      ).to.deep.equal([])
  })

  it('is the refusal of a wish for a refund, which leaves the payment as it stands', () => {
    const payload = { MaThamChieu: 'R1', MaYeuCauHoan: 'YC1', SoTienHoan: '150000', NgayTuChoi: '20261123' }
    const [refusal] = factsOf({ action: 'payment.refund-refused', sender: 'VCB', payload })
    expect(refusal).to.include({ kind: 'refund-refused', transaction: 'YC1', amount: 150_000 })
    if (refusal !== undefined)
      expect(standingOf([askedFact(), moneyFact(), refusal])).to.include({ state: 'paid', refunded: 0 })
  })

  it('is said by actions about money alone', () => {
    expect(factsOf({ action: 'dossier.submitted', sender: 'H49', payload: { data: [] } })).to.deep.equal([])
  })
})
