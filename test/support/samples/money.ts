import type { MoneyFact } from '../../../schemas/money-fact.ts'

export const reference = 'H492612110001T20261121090000'

/** Something said of money: 150.000 đồng paid, unless a test says otherwise. */
export const moneyFact = (more: Partial<MoneyFact> = {}): MoneyFact => ({
  ...{ kind: 'paid', sender: 'G22', reference, partner: 'H49TEST', dossier: '' },
  ...{ code: '00', transaction: 'GD20261121000077', amount: 150_000, bank: 'VCB', at: 1_700_000_000_000 },
  ...more,
})

export const askedFact = (more: Partial<MoneyFact> = {}): MoneyFact =>
  moneyFact({
    ...{ kind: 'asked', sender: 'H49', dossier: 'H49.05-261121-0001', code: '', transaction: '' },
    ...{ bank: 'PAYMENT', at: 1_690_000_000_000 },
    ...more,
  })
