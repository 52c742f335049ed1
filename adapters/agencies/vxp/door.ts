import { GatewayError } from '../../../schemas/errors.ts'
import type { DialectDoor, DoorRow } from '../door.ts'
import { writeError } from './answers.ts'
import { argumentsOf, headerOf } from './arguments.ts'
import { readMoment } from './moment.ts'
import { defaults, type VxpOptions } from './options.ts'
import { isProvedBy } from './proof.ts'
import { restDoor } from './rest/door.ts'
import { takeEdoc, type TakenEdoc } from './send-edoc.ts'
import type { Caller, Request, Verb } from './verb.ts'
import { verbOf, verbs } from './verbs.ts'

/** Where the adapter of a security server answers (edxml §7). */
const places = ['/XrdAdapter/adapter', '/VXPAdapter/adapter']

const rowsOf = ([name, { methods, summary, streams }]: readonly [string, Verb]): readonly DoorRow[] =>
  places.flatMap((place) =>
    methods.map((method) => ({
      ...{ method, path: `${place}/${name}`, summary },
      ...(streams === undefined ? {} : { streams }),
    })),
  )

/** A door of either wire: both stream. */
type Door = Required<Omit<DialectDoor<VxpOptions, TakenEdoc>, 'refers' | 'follow'>>

/**
 * The verbs of the document axis (edxml §8.1). The caller's system proves itself by the MAC over the text that it has signed; of its
 * arguments only those that the verb asks for are read, and each must be the one that was signed.
 */
const axisDoor: Door = {
  rows: Object.entries(verbs).flatMap(rowsOf),
  claim(request) {
    const [account, text, mac] = ['systemid', 'sign-header', 'hash-header'].map((name) =>
      headerOf(request, name),
    ) as [string, string, string] // as many as the names
    return { kind: 'account', account, isProvedBy: (secrets) => isProvedBy(text, mac, secrets) }
  },
  take: (incoming, request, guest) => takeEdoc(incoming, request, known(guest)),
  read(request, guest) {
    const args = argumentsOf(request)
    args.text('systemid')
    refuseStale(args.text('timestamp'), request.at ?? 0, known(guest))
    return verbFor(request).read(args, request, known(guest))
  },
  write: (done, request, guest) =>
    verbFor(request).write({
      ...{ done, request, args: argumentsOf(request) },
      options: guest?.options ?? defaults,
    }),
  fail: (error, request) => writeError(error, verbOf(request)?.empty ?? {}),
}

function known(guest: Caller | null): Caller {
  if (guest === null) throw new GatewayError('unauthenticated')
  return guest
}

function verbFor(request: Request): Verb {
  const verb = verbOf(request)
  if (verb === undefined) throw new GatewayError('not_found', { field: 'verb' })
  return verb
}

/** The official client writes the time of its own start: only a partner known to write a fresh one is held to it (edxml §5). */
function refuseStale(timestamp: string, now: number, { options: { timestampHours } }: Caller): void {
  const at = readMoment(timestamp)
  if (timestampHours === 0) return
  if (at === null || Math.abs(now - at) > timestampHours * 3_600_000)
    throw new GatewayError('bad_signature', { field: 'timestamp', reason: 'too far from our time' })
}

const doorOf = ({ path }: Pick<Request, 'path'>): Door =>
  path.startsWith('/XrdAdapter/') || path.startsWith('/VXPAdapter/') ? axisDoor : restDoor

/** The document axis as its clients call it: by its own verbs, or by the REST profile of a province. */
export const door: DialectDoor<VxpOptions, TakenEdoc> = {
  rows: [...axisDoor.rows, ...restDoor.rows],
  claim: (request) => doorOf(request).claim(request),
  take: (incoming, request, guest) => doorOf(request).take(incoming, request, guest),
  read: (request, guest) => doorOf(request).read(request, guest),
  write: (done, request, guest) => doorOf(request).write(done, request, guest),
  fail: (error, request, guest) => doorOf(request).fail(error, request, guest),
}
