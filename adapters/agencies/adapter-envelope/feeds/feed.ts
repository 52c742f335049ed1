import { GatewayError } from '../../../../schemas/errors.ts'
import type { Payload } from '../../../../schemas/message.ts'
import { sha256 } from '../../../../signing/digest.ts'
import type { Content, Trusted } from '../../dialect.ts'
import { readRows, readSaid } from '../../dossiers/said.ts'
import type { Partner, Waiting } from '../../poll.ts'
import { madonviOf, serviceName } from '../encode.ts'
import { EnvelopeOptions, type PortalOptions } from '../options.ts'
import type { PortalPoll } from '../poll-options.ts'
import type { CallPortal, ServiceCall } from '../portal.ts'

/** One list of the portal that is read for a body. */
export interface Feed {
  /** The service, and the body for which it is asked. */
  readonly name: string
  readonly body: string
  readonly everySeconds: number
  /** What is new or changed in it; `round` is another whenever it has been read to its end. Throws `unavailable` or `too_large`. */
  list(reading: Reading, round: string): Promise<readonly Thing[]>
  /** The messages that a thing becomes. */
  contents(thing: Pick<Thing, 'name' | 'rows'>, reading: Reading): Promise<readonly Content[]>
}

/** A thing of a list: its rows, none where the list holds it no more. */
export interface Thing {
  readonly name: string
  readonly rows: readonly Payload[]
  readonly version: string | null
}

/** What feeds read by. */
export interface Reading {
  readonly partner: Partner
  readonly options: EnvelopeOptions
  readonly portal: PortalOptions
  readonly poll: PortalPoll
  /** Rows of a service. Throws `unavailable`, or `too_large` where there are more than the options allow. */
  readonly rowsOf: (service: string, asked: Asked) => Promise<readonly Payload[]>
}

interface Asked {
  readonly body: string
  readonly path?: ServiceCall['path']
  readonly parameters?: Readonly<Record<string, string>>
}

/** Where the rounds of a body's feeds are remembered: name of a feed → when it was last read to its end, ms. */
export const rounds = 'rounds'

export function createReading(partner: Partner, callPortal: CallPortal): Reading | undefined {
  const options = EnvelopeOptions.parse(partner.agency.options)
  const { portal, units, services, acceptedCodes, timeoutMs } = options
  if (portal?.poll === undefined) return undefined
  const { poll } = portal
  return {
    ...{ partner, options, portal, poll },
    async rowsOf(service, { body, path = 'sharePath', parameters = {} }) {
      const named = { madonvi: madonviOf(body, units), service: serviceName(service, services) }
      const call = { path, body: { ...named, ...parameters }, timeoutMs }
      const answer = await callPortal(call, { ...partner, portal })
      if ('failure' in answer) throw unavailable(`${service}: ${answer.code}`)
      const { code, message } = readSaid(answer.body)
      if (answer.status > 299 || !acceptedCodes.includes(code))
        throw unavailable(
          `${service}: http ${answer.status}, error_code ${code.slice(0, 32)}: ${message.slice(0, 200)}`,
        )
      const rows = readRows(answer.body)
      if (rows.length > poll.mostRows)
        throw new GatewayError('too_large', { field: service, reason: `more than ${poll.mostRows} rows` })
      return rows
    },
  }
}

export const unavailable = (reason: string): GatewayError => new GatewayError('unavailable', { reason })

/** What a table of options has under a name of the portal's. */
export const own = <T>(table: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined

/** Short, and another for other rows. */
export const versionOf = (rows: readonly Payload[], beside = ''): string =>
  `${sha256(JSON.stringify(rows)).toString('base64url')}${beside === '' ? '' : `:${beside}`}`

/** Rows of a list by the thing that they are about, in the order in which things first stand. Rows without a name are left out. */
export function byName(
  rows: readonly Payload[],
  nameOf: (row: Payload) => string,
): ReadonlyMap<string, readonly Payload[]> {
  const things = new Map<string, Payload[]>()
  for (const row of rows) {
    const name = nameOf(row)
    const known = things.get(name)
    if (known !== undefined) known.push(row)
    else if (name !== '' && name.length <= 200) things.set(name, [row])
  }
  return things
}

/** Things that are not settled in their present version, and those that were settled and are there no more. */
export function changesIn(things: readonly Thing[], settled: ReadonlyMap<string, string>): readonly Thing[] {
  const names = new Set(things.map(({ name }) => name))
  const gone = [...settled.keys()].filter((name) => !names.has(name))
  return [
    ...things.filter(({ name, version }) => settled.get(name) !== version),
    ...gone.map((name): Thing => ({ name, rows: [], version: null })),
  ]
}

/** A message of the portal's; its rows are what it was made from. */
export function messageOf(
  { partner: { agency } }: Reading,
  message: Pick<Trusted, 'naturalKey' | 'payload'> & {
    readonly action: string
    readonly recipients: readonly string[]
    readonly rows: readonly Payload[]
  },
): Trusted {
  const { action, recipients, rows, ...rest } = message
  const original = Buffer.from(JSON.stringify(rows))
  return { kind: 'trusted', header: { sender: agency.code, recipients, action }, ...rest, original }
}

/** A thing as the poll lists it. */
export const waitingOf = ({ name: list }: Feed, { name, rows, version }: Thing): Waiting => ({
  ...{ id: `${list} ${name}`, about: { feed: list, name, rows: JSON.stringify(rows) } },
  settles: { list, name, version },
})
