import { GatewayError } from '../../../schemas/errors.ts'
import { textOf } from '../../../schemas/fields.ts'
import type { Json, Payload } from '../../../schemas/message.ts'
import { readJson } from '../../../schemas/read-json.ts'
import type { TakenRequest } from '../content.ts'
import type { DoorRequest, Trusted } from '../dialect.ts'
import type { Deed, Guest, Wanted } from '../door.ts'
import { parametersOf, rowsOf, utf8Of, type Asked } from '../dossiers/asked.ts'
import { lookupOf, type Lookup } from '../dossiers/lookups.ts'
import { contentsOf, pushes, type Push } from '../dossiers/pushes.ts'
import { unitOf } from '../dossiers/units.ts'
import { lastWord } from '../paths.ts'
import { nationalDossier } from './dossier.ts'
import type { TokenRestOptions } from './options.ts'
import { byMaHoSo, unnamedIn } from './handles.ts'
import { withResultLinks } from './papers.ts'

type Caller = Guest<TokenRestOptions>

/** A call by which rows come: what they become here, and how a row is read. */
interface PushCall {
  readonly push: Push | undefined
  readonly national: (row: Payload, options: TokenRestOptions) => Payload
  /** Whether its rows may name their dossier by `IdHoSo` alone. */
  readonly handles: boolean
}

/** A state has no time of its own: it is a repeat only if it equals the last (dvcqg §19 rule 16). */
const state: Push = { action: () => 'status.updated', names: ['MaHoSo'], groups: false, kind: 'state' }

const pushCalls: Readonly<Record<string, PushCall>> = {
  noihoso: {
    push: pushes['DongBoHoSoMC'],
    national: (row, { persons }) => nationalDossier(row, persons),
    handles: false,
  },
  capnhattientrinh: { push: pushes['CapNhatTienDoHoSoMC'], national: (row) => row, handles: true },
  capnhattrangthai: { push: state, national: withResultLinks, handles: true },
}

const lookup = lookupOf('TraCuuHoSo', {})

/** The last word of a path, under its name here and in small letters. */
function wordOf({ path }: DoorRequest, { services }: TokenRestOptions): string {
  const written = lastWord(path)
  return ((Object.hasOwn(services, written) ? services[written] : undefined) ?? written).toLowerCase()
}

/** The query, in any case of its names. */
function queryOf({ query }: DoorRequest): Asked {
  const parameters = parametersOf(query)
  return { text: (name) => textOf(parameters.get(name.toLowerCase())).trim(), rows: () => [] }
}

function callOf(request: DoorRequest, options: TokenRestOptions): PushCall | undefined {
  const word = wordOf(request, options)
  return Object.hasOwn(pushCalls, word) ? pushCalls[word] : undefined
}

function rowsIn(request: DoorRequest): readonly Payload[] {
  const bytes = utf8Of(request)
  return rowsOf(bytes.byteLength === 0 ? undefined : (readJson(bytes) as Json)) // JSON is all that it reads
}

/** The dossiers that a push names by the `IdHoSo` of their create alone. */
export function refersTo(request: DoorRequest, { options }: Caller): readonly Wanted[] {
  return callOf(request, options)?.handles === true ? unnamedIn(rowsIn(request)) : []
}

/** The messages of a push; none where it is no push. */
export function decodeRows(request: TakenRequest, { agency, options }: Caller): readonly Trusted[] {
  const { push, national, handles } = callOf(request, options) ?? {}
  if (push === undefined || national === undefined) return []
  const given = rowsIn(request)
  const rows = () => (handles === true ? byMaHoSo(given, request.found ?? []) : given)
  const asked: Asked = { text: () => '', rows: () => rows().map((row) => national(row, options)) }
  const contents = contentsOf(push, asked, { sender: agency.code, original: request.body })
  const again = !handles && options.createAgain === 'update'
  return again ? contents.map((content) => ({ ...content, elseAs: 'dossier.updated' })) : contents
}

/** What a look-up has found, as rows. */
export const foundRows = (found: Parameters<Lookup['rows']>[0], request: DoorRequest): readonly Payload[] =>
  lookup?.rows(found, queryOf(request)) ?? []

/** A code of a procedure; any other is that of a body. */
const isProcedure = (code: string): boolean => /^\d+\.\d+/.test(code)

/** The deed of a request that shows a session. Throws GatewayError. */
export function deedOf(request: TakenRequest, guest: Caller): Deed {
  const { options } = guest
  if (request.taken !== undefined) return { kind: 'nothing' } // an upload, whose files are kept by now
  const word = wordOf(request, options)
  if (word === 'getnextvalue') return numberDeed(queryOf(request).text('code'), guest)
  if (word === 'tracuuhoso' && lookup !== undefined)
    return { kind: 'lookup', wanted: lookup.wanted(queryOf(request)) }
  if (!Object.hasOwn(pushCalls, word))
    throw new GatewayError('not_found', { field: 'path', reason: word.slice(0, 100) })
  const contents = decodeRows(request, guest)
  return contents.length === 0
    ? { kind: 'nothing' }
    : { kind: 'submit', contents, whole: true, answerAfter: options.answerAfter }
}

function numberDeed(code: string, guest: Caller): Deed {
  const { numbering } = guest.options
  return { kind: 'number', body: isProcedure(code) ? null : unitOf(code, guest), numbering }
}
