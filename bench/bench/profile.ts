import { readFileSync } from 'node:fs'

interface ProfileNode {
  readonly id: number
  readonly callFrame: { readonly functionName: string; readonly url: string }
  readonly children?: readonly number[]
}

interface Profile {
  readonly nodes: readonly ProfileNode[]
  readonly samples: readonly number[]
  readonly timeDeltas: readonly number[]
}

/** Share of the time that a process was busy, by group of functions. */
export interface ProfileRow {
  readonly group: string
  readonly share: number
}

/**
 * Where time belongs: the innermost frame on the stack that one of these knows. Native work, such as a signature, thus counts for
 * whoever asked for it.
 */
const groups: readonly (readonly [string, RegExp])[] = [
  ['idle', /^\(idle\)|^\(program\)/],
  ['garbage collection', /^\(garbage collector\)/],
  ['libxml2: parse and canonicalise', /libxml2-wasm|signing\/parse-xml|^wasm:/],
  ['signatures (node:crypto)', /signing\/keys/],
  ['sealing: AES, OAEP', /signing\/(encryption-xml|at-rest)/],
  ['other of signing/', /dist\/signing\//],
  ['schemas and zod', /dist\/schemas\/|node_modules\/zod/],
  ['knex', /node_modules\/(knex|tarn|lodash|pg-connection)/],
  [
    'mysql2',
    /node_modules\/(mysql2|sqlstring|sql-escaper|denque|iconv-lite|lru|named-placeholders|generate-function|long)/,
  ],
  ['adapters/store', /dist\/adapters\/store/],
  ['amqplib and adapters/broker', /node_modules\/(amqplib|buffer-more-ints)|dist\/adapters\/broker/],
  ['HTTP out (undici)', /node_modules\/undici|dist\/adapters\/(transport|agencies)/],
  [
    'express',
    /node_modules\/(express|router|body-parser|raw-body|finalhandler|send|qs|accepts|type-is|content-type|mime|on-finished|iconv|parseurl)|dist\/routes/,
  ],
  [
    'logs and metrics',
    /node_modules\/(winston|logform|triple-beam|readable-stream|safe-stable|prom-client|async|fecha)|dist\/config/,
  ],
  ['workers/', /dist\/workers/],
  ['HTTP in (node:http)', /node:_http|node:internal\/http/],
  ['sockets and streams (node)', /node:net|node:stream|node:internal\/(stream|streams)|node:events/],
  ['event loop and the rest of node', /./],
]

/** Sums a CPU profile of V8 by group; largest first, what is idle left out. */
export function readProfile(file: string): readonly ProfileRow[] {
  const profile = JSON.parse(readFileSync(file, 'utf8')) as Profile // V8 wrote it
  const groupOf = groupsOf(profile.nodes)
  const micros = new Map<string, number>()
  profile.samples.forEach((id, index) => {
    const group = groupOf.get(id) ?? ''
    micros.set(group, (micros.get(group) ?? 0) + (profile.timeDeltas[index] ?? 0))
  })
  micros.delete('idle')
  const busy = [...micros.values()].reduce((sum, value) => sum + value, 0)
  return [...micros]
    .map(([group, value]) => ({ group, share: value / busy }))
    .sort((a, b) => b.share - a.share)
}

/** The group of each node: its own, or that of the frame that called it. */
function groupsOf(nodes: readonly ProfileNode[]): ReadonlyMap<number, string> {
  const parents = new Map(
    nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)),
  )
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const found = new Map<number, string>()
  const groupOf = (id: number): string => {
    const node = byId.get(id)
    if (node === undefined) return lastGroup
    const known = found.get(id) ?? ownGroup(node) ?? groupOf(parents.get(id) ?? 0)
    found.set(id, known)
    return known
  }
  for (const { id } of nodes) groupOf(id)
  return found
}

const lastGroup = groups.at(-1)?.[0] ?? ''

function ownGroup({ callFrame: { functionName, url } }: ProfileNode): string | undefined {
  return groups.slice(0, -1).find(([, pattern]) => pattern.test(url === '' ? functionName : url))?.[0]
}
