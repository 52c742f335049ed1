import { textOf } from '../../../schemas/fields.ts'
import type { Outcome } from '../../../schemas/outcome.ts'
import type { TransportAnswer, TransportFailure } from '../dialect.ts'
import { outcomeOf } from '../http-answers.ts'
import type { SmsOptions } from './options.ts'

/** What the provider's answer says of one text message. One that cannot be read does not say whether it was sent. */
export function saidOf(answer: TransportAnswer | TransportFailure, success: SmsOptions['success']): Outcome {
  const outcome = outcomeOf(answer, { repeatable: false })
  if (success === undefined || outcome.kind !== 'delivered' || !('body' in answer)) return outcome
  const text = Buffer.from(answer.body).toString('utf8')
  const value = valueAt(text, success.path)
  if (success.values.includes(value)) return { kind: 'delivered' }
  const code = `sms_${value.replace(/[^\w.-]/g, '').slice(0, 32)}`
  if (value === '') return { kind: 'in_doubt', code: 'unreadable_answer', reason: 'the answer has no result' }
  const reason = success.reasonPath === '' ? '' : nameless(valueAt(text, success.reasonPath))
  return { kind: success.retryValues.includes(value) ? 'retry' : 'refused', code, reason }
}

/** Whom it was for is nobody's business but the sender's. */
const nameless = (text: string): string =>
  text
    .replace(/\+?\d{8,}/g, '…')
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .slice(0, 300)

function valueAt(text: string, path: string): string {
  if (path === '') return text.trim()
  try {
    const found = path.split('.').reduce<unknown>((value, name) => partOf(value, name), JSON.parse(text))
    return textOf(found).trim()
  } catch {
    return ''
  }
}

const partOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined

/**
 * Of several numbers: sent when all were. Where some were, or it is not known, a repeat would reach those again, so a person decides;
 * where none was, the one that may pass is waited for.
 */
export function together(outcomes: readonly Outcome[]): Outcome {
  const of = (...kinds: readonly Outcome['kind'][]) => outcomes.filter(({ kind }) => kinds.includes(kind))
  const sent = of('delivered').length
  const [failed] = [...of('in_doubt'), ...of('fault'), ...of('retry'), ...of('refused')]
  if (failed === undefined) return { kind: 'delivered' }
  if (sent === 0 || outcomes.length === 1) return failed
  const why = 'code' in failed ? `${failed.code} ${failed.reason}`.trim() : ''
  return { kind: 'in_doubt', code: 'partly_sent', reason: `${sent} of ${outcomes.length} sent; ${why}` }
}
