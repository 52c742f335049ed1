import { z } from 'zod'
import { textOf } from '../../../schemas/fields.ts'
import type { Message } from '../../../schemas/message.ts'
import { objectIn } from '../../../schemas/objects.ts'
import type { Outcome } from '../../../schemas/outcome.ts'
import { jsonIn } from '../answer-json.ts'
import type { TransportAnswer, TransportFailure } from '../dialect.ts'
import { childOf, childrenOf, type Node } from '../edxml/tree.ts'
import { outcomeOf } from '../http-answers.ts'
import { envelopeIn } from './message.ts'
import type { EdocOptions } from './options.ts'
import { readEnvelope } from './read-envelope.ts'

const textIn = (node: Node | undefined, name: string): string => (childOf(node, name)?.text ?? '').trim()

/** A refusal that says that the bus has the document, or the report, already: by its code, or by how its text begins. */
const isKnown = ({ code, description }: Fault): boolean =>
  /exist/i.test(code) || /^exist trace\b/i.test(description)

/** Whether what got no answer may be sent again. */
type Repeating = Parameters<typeof outcomeOf>[1]

/** The bus tells repeats of a new document, and of every report but that a matter is being processed (edXML §1.2, §4.2). */
export function isRepeatable(
  { action, payload }: Pick<Message, 'action' | 'payload'>,
  { tellsRepeats, wire }: Pick<EdocOptions, 'tellsRepeats' | 'wire'>,
): boolean {
  if (!tellsRepeats) return false
  if (action === 'document.status') return wire === 'soap' && payload['StatusCode'] !== '05'
  return isNewLetter({ action, payload })
}

/** Letters about an earlier one share its name. */
export const isNewLetter = ({ action, payload }: Pick<Message, 'action' | 'payload'>): boolean =>
  action === 'document.letter' &&
  ['', '0'].includes(textOf(objectIn(payload['Bussiness'])['BussinessDocType']))

/** What the bus's answer means: the id of the document, or a report (edXML §8.4). */
export function outcomeOfAnswer(answer: TransportAnswer | TransportFailure, repeating: Repeating): Outcome {
  const outcome = outcomeOf(answer, repeating)
  if ('failure' in answer) return outcome
  const isFault = answer.status === 500 && answer.body.byteLength > 0
  if ((outcome.kind !== 'delivered' && !isFault) || answer.body.byteLength === 0) return outcome
  const content = contentIn(answer)
  if (content === undefined)
    return isFault
      ? outcome
      : { kind: 'in_doubt', code: 'unreadable_answer', reason: 'the answer is not of the bus' }
  return isFault || content.name === 'Fault' ? outcomeOfFault(content) : outcomeOfContent(content)
}

/** The element of an answer, which may be a multipart message too; undefined where it is no envelope. */
function contentIn({ headers, body }: TransportAnswer): Node | undefined {
  try {
    const request = { method: 'POST', path: '', query: {}, headers, body }
    return readEnvelope(envelopeIn(request)).content
  } catch {
    return undefined
  }
}

function outcomeOfFault(fault: Node): Outcome {
  const code = (textIn(fault, 'faultcode') || textIn(childOf(fault, 'Code'), 'Value')).replace(/^.*:/, '')
  const reason = (textIn(fault, 'faultstring') || textIn(childOf(fault, 'Reason'), 'Text')).slice(0, 500)
  const kind = ['Client', 'Sender'].includes(code) ? 'refused' : 'retry'
  return { kind, code: `fault_${code}`.slice(0, 64), reason }
}

/** An id, in the answer's own element or in its place. */
const hasId = (content: Node): boolean =>
  textIn(content, 'DocumentId') !== '' || (content.name === 'DocumentId' && content.text.trim() !== '')

function outcomeOfContent(content: Node): Outcome {
  const report = content.name === 'Report' ? content : childOf(content, 'Report')
  if (hasId(content) || /^true$/i.test(textIn(report, 'IsSuccess'))) return { kind: 'delivered' }
  if (report === undefined)
    return { kind: 'in_doubt', code: 'unreadable_answer', reason: 'neither an id nor a report' }
  const errors = childrenOf(childOf(report, 'ErrorList'), 'Error')
  return refusedFor(
    errors.map((error) => ({
      code: textIn(error, 'Code') || textIn(error, 'code'),
      description: textIn(error, 'Description') || textIn(error, 'description'),
    })),
  )
}

interface Fault {
  readonly code: string
  readonly description: string
}

function refusedFor(faults: readonly Fault[]): Outcome {
  if (faults.some(isKnown)) return { kind: 'delivered' }
  const reason = faults
    .map(({ description }) => description)
    .join('; ')
    .slice(0, 500)
  const code = (faults[0]?.code ?? 'refused_by_recipient').slice(0, 64)
  return { kind: code === 'M.Token' ? 'fault' : 'refused', code, reason }
}

const RestAnswer = z.object({
  /** A report that was not taken has the code of success beside `Error`. */
  status: z.string().nullish(),
  code: z.coerce.string(),
  errors: z
    .array(z.object({ code: z.coerce.string().default(''), description: z.coerce.string().default('') }))
    .nullish(),
})

/** What the REST form of the bus answers: `code` 0, or the errors (edXML §8.4). */
export function outcomeOfJson(answer: TransportAnswer | TransportFailure, repeating: Repeating): Outcome {
  const outcome = outcomeOf(answer, repeating)
  if ('failure' in answer || outcome.kind !== 'delivered' || answer.body.byteLength === 0) return outcome
  const read = RestAnswer.safeParse(jsonIn(answer.body))
  if (!read.success)
    return { kind: 'in_doubt', code: 'unreadable_answer', reason: 'the answer is not of the bus' }
  const { status, code, errors } = read.data
  return code === '0' && !/^(?:error|fail)$/i.test(status ?? '')
    ? { kind: 'delivered' }
    : refusedFor(errors ?? [])
}
