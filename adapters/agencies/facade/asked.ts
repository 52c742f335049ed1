import { textOf } from '../../../schemas/fields.ts'
import type { Json } from '../../../schemas/message.ts'
import { isObject } from '../../../schemas/objects.ts'
import { readJson } from '../../../schemas/read-json.ts'
import type { DoorRequest } from '../dialect.ts'
import { parametersOf, rowsOf, utf8Of, type Asked } from '../dossiers/asked.ts'
import { lastWord } from '../paths.ts'
import type { FacadeOptions } from './options.ts'
import { noticeService, voucherService } from './tax-received.ts'

/** Name of the operation that gives a file. */
export const fileService = 'getfile'

/** What the last word of a path means: a service, and whether its dossiers are known, where the word says so. */
interface Operation {
  readonly service: string
  readonly isUpdating?: 'True' | 'False'
  /** What counts where neither the word nor the query says so: a client that has one address for both sends what may be known. */
  readonly isUpdatingUnsaid?: 'True'
}

/** Words by which façades name what the adapter calls otherwise (dvcqg §3.4); any other word is the name of a service. */
const operations: Readonly<Record<string, Operation>> = {
  themmoi: { service: 'DongBoHoSoMC', isUpdating: 'False' },
  capnhat: { service: 'DongBoHoSoMC', isUpdating: 'True' },
  dongbodvc: { service: 'DongBoHoSoMC', isUpdatingUnsaid: 'True' },
  dongbotientrinh: { service: 'CapNhatTienDoHoSoMC' },
  [fileService]: { service: fileService },
  [noticeService.toLowerCase()]: { service: noticeService },
  [voucherService.toLowerCase()]: { service: voucherService },
}

/** A call of a façade: an operation, its query, and a bare list of rows. */
export interface FacadeAsked extends Asked {
  readonly service: string
}

/** Reads a request; a query in any case of its names. Its `rows` throw `malformed_request`, `too_large` or `invalid_field`. */
export function askedOf(request: DoorRequest, { operations: named }: FacadeOptions): FacadeAsked {
  const written = lastWord(request.path)
  const word = (Object.hasOwn(named, written) ? named[written] : undefined) ?? written
  const folded = word.toLowerCase()
  const operation = Object.hasOwn(operations, folded) ? operations[folded] : undefined
  const query = parametersOf(request.query)
  const asked = (name: string) => textOf(query.get(name.toLowerCase())).trim()
  const flag = () => operation?.isUpdating ?? (asked('isUpdating') || (operation?.isUpdatingUnsaid ?? ''))
  return {
    service: operation?.service ?? word,
    text: (name) => (name === 'isUpdating' ? flag() : asked(name)),
    rows: () => rowsOf(bodyOf(request)),
  }
}

/** `DuongDan` of a request for a file: in the query, in JSON, or in a form, in any case of its name. Empty where there is none. */
export function linkIn(request: DoorRequest): string {
  const { headers, query } = request
  const isForm = /^application\/x-www-form-urlencoded/i.test(headers['content-type'] ?? '')
  const bytes = utf8Of(request)
  const text = Buffer.from(bytes).toString('utf8')
  const given = isForm ? Object.fromEntries(new URLSearchParams(text)) : text === '' ? {} : readJson(bytes)
  const name = 'duongdan'
  return textOf(parametersOf(given).get(name) ?? parametersOf(query).get(name)).trim()
}

/** The list, or what stands as `data` in a body of the adapter's form (dvcqg §10). */
function bodyOf(request: DoorRequest): Json | undefined {
  const bytes = utf8Of(request)
  if (bytes.byteLength === 0) return undefined
  const body = readJson(bytes) as Json // JSON is all that it reads
  return isObject(body) ? (parametersOf(body).get('data') ?? body) : body
}
