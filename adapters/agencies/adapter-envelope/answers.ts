import type { DoorAnswer } from '../dialect.ts'
import type { FoundRows } from '../dossiers/looking.ts'
import { escaped } from '../dossiers/words.ts'
import type { EnvelopeOptions } from './options.ts'

const headers = { 'content-type': 'application/json; charset=utf-8' }

type Style = Pick<EnvelopeOptions, 'successCode' | 'escape'>

/** Always 200: some clients lose the text of anything else (dvcqg §21 trap 3). */
function write(body: Readonly<Record<string, unknown>>, { escape }: Style): DoorAnswer {
  const json = JSON.stringify(body)
  return { status: 200, headers, body: escape ? escaped(json) : json }
}

export interface Success extends Partial<FoundRows> {
  readonly session?: string
}

export function writeSuccess(success: Success, style: Style): DoorAnswer {
  return write({ error_code: style.successCode, message: 'Thành công', ...success }, style)
}

/** `error_code` is the HTTP status that a REST door would answer, in the kind of value that success has. */
export function writeFault(
  { status, message }: { readonly status: number; readonly message: string },
  style: Style,
): DoorAnswer {
  const { successCode } = style
  const code = typeof successCode === 'number' ? status : String(status)
  return write({ error_code: code, message, result: [] }, style)
}
