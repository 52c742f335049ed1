import type { Trusted } from '../adapters/agencies/dialect.ts'
import type { MoneyDeed, MoneyDone } from '../adapters/agencies/money.ts'
import type { Store } from '../adapters/store/store.ts'
import type { Caller } from '../schemas/agency.ts'
import { GatewayError } from '../schemas/errors.ts'
import { factsOf, isSameFact, type MoneyFact } from '../schemas/money-fact.ts'
import { findingsOf, type Payment } from '../schemas/payment-standing.ts'
import { authorise } from './authorise.ts'
import type { Directory } from './directory.ts'
import type { Submit } from './submit.ts'

type Asked = Omit<MoneyDeed, 'kind'>

/** Takes in what a partner says of money. Whatever becomes of its message, the fact is in the ledger before anybody is answered. */
export type Money = (caller: Caller, asked: Asked) => Promise<Omit<MoneyDone, 'kind'>>

interface MoneyDeps {
  readonly store: Pick<Store, 'findPayment' | 'keepFact'>
  readonly submit: Submit
  readonly directory: () => Directory
  readonly now: () => number
}

/** Longest reference that the ledger has room for (dvcqg §9.1). */
const mostLetters = 255

export function createMoney({ store, submit, directory, now }: MoneyDeps): Money {
  const find = ({ reference, partner }: MoneyFact) => store.findPayment(reference, partner)
  const toldTo = ({ sender }: Payment) =>
    [sender, ...directory().resolve('portal-core', now())].filter((code) => directory().agency(code))

  return async (caller, { content, partner }) => {
    authorise(caller, { ...content.header, senderRef: '', sentAt: now() }, directory())
    const said = factOf(content, partner)
    const asked = await find(said)
    if (asked?.matched === true)
      await submit(caller, { contents: [addressed(content, asked, toldTo(asked))] })
    const known = await lookAt(said)
    if (known !== null) return known
    await store.keepFact(said, { original: content.original, at: now() })
    return (await lookAt(said)) ?? { isCarried: false, reasons: [] }
  }

  /** How a fact stands in the ledger; null where it is not there. */
  async function lookAt(said: MoneyFact) {
    const facts = (await find(said))?.facts ?? []
    const fact = facts.find((each) => isSameFact(each, said))
    if (fact === undefined) return null
    const findings = findingsOf(facts).filter((finding) => finding.fact === fact)
    return { isCarried: fact.messageId !== null, reasons: findings.map(({ reason }) => reason) }
  }
}

function factOf({ header, payload }: Trusted, partner: string): MoneyFact {
  const [fact] = factsOf({ ...header, payload })
  if (fact === undefined)
    throw new GatewayError('internal', { cause: `${header.action} says nothing of money` })
  if (fact.reference === '' || fact.reference.length > mostLetters)
    throw new GatewayError('invalid_field', {
      field: 'MaThamChieu',
      reason: fact.reference === '' ? 'missing' : `longer than ${mostLetters} characters`,
    })
  return { ...fact, partner }
}

/** The message for who asked, and for the portal, under the names that these know. */
function addressed(content: Trusted, { partner, dossier }: Payment, tell: readonly string[]): Trusted {
  const recipients = [...new Set(tell)].filter((code) => code !== content.header.sender)
  const names = {
    ...(partner === '' ? {} : { MaDoiTac: partner }),
    ...(dossier === '' ? {} : { MaHoSo: dossier }),
  }
  return {
    ...content,
    header: { ...content.header, recipients },
    payload: { ...content.payload, ...names },
  }
}
