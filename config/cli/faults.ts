import { CommanderError } from 'commander'
import { answerOf, GatewayError, type ErrorAnswer } from '../../schemas/errors.ts'
import { exitCodes, type ExitCode } from './io.ts'
import { fields } from './screen.ts'

/** A fault as it is told: to a program, to a person, and by the exit code. */
export interface Told {
  readonly code: ExitCode
  readonly json: unknown
  readonly text: string
}

/** A command line that cannot be done as it stands. */
export function usage(vi: string, en: string): CommanderError {
  return new CommanderError(exitCodes.usage, 'lienthong.usage', `${vi}\n${en}`)
}

/** What a refusal of the gateway says: both sentences, the field, whether to try again, and the id to quote. */
function refusalText({ code, message, field, reason, retryable, detailId }: ErrorAnswer): string {
  const again = retryable ? 'có, sau ít phút · yes, later' : 'không, hãy sửa trước · no, mend it first'
  return `${message.vi}\n${message.en}\n${fields([
    ['mã · code', code],
    ['trường · field', field],
    ['lý do · reason', reason],
    ['gửi lại? · retry?', again],
    ['mã tra cứu · detail id', detailId],
  ])}`
}

/** Tells what a command threw. */
export function tellFault(error: unknown, url: string | null): Told {
  if (error instanceof GatewayError) return error.cause === undefined ? own(error) : fromLine(error, url)
  const text = error instanceof Error ? error.message : String(error)
  return { code: exitCodes.fault, json: { error: text }, text }
}

/** Said by our own code, such as a key that does not open. */
function own(error: GatewayError): Told {
  const answer = answerOf(error)
  return { code: exitCodes.fault, json: { error: answer }, text: refusalText(answer) }
}

function fromLine(error: GatewayError, url: string | null): Told {
  const { cause } = error
  if (isAnswer(cause)) return refused(cause)
  if (error.code !== 'unavailable') return own(error)
  const why = deepest(cause)
  const text = [
    `Không kết nối được tới trục tại ${url ?? '?'}: ${why}`,
    `The gateway at ${url ?? '?'} does not answer: ${why}`,
    'Kiểm tra địa chỉ (--url, LIENTHONG_URL), mạng, và trục đã chạy chưa. · Check the address, the network, and that it runs.',
  ].join('\n')
  return { code: exitCodes.unreachable, json: { error: 'unreachable', url, reason: why }, text }
}

/** The gateway has said no. */
export function refused(answer: ErrorAnswer): Told {
  return { code: exitCodes.refused, json: { error: answer }, text: refusalText(answer) }
}

function isAnswer(cause: unknown): cause is ErrorAnswer {
  return typeof cause === 'object' && cause !== null && 'detailId' in cause && 'message' in cause
}

/** The innermost cause names what happened to the line. */
function deepest(error: unknown): string {
  if (!(error instanceof Error)) return 'không có câu trả lời · no answer'
  if (error.cause instanceof Error) return deepest(error.cause)
  return 'code' in error ? `${String(error.code)} ${error.message}`.trim() : error.message
}
