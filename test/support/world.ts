import { randomBytes, randomUUID } from 'node:crypto'
import { roles, type Role } from '../../schemas/agency.ts'
import { sha256 } from '../../signing/digest.ts'
import type { CallAnswer, LentGateway } from './gateway.ts'
import { withDescription, type Described } from './description.ts'
import { createParty, envelopeOf, registryOf, type Party } from './parties.ts'
import { samplePayload } from './payloads.ts'

/** How a body stands to the body that the callers of a world stand for. */
export const relations = ['own', 'child', 'foreign'] as const
export type Relation = (typeof relations)[number]

export const bodies: Readonly<Record<Relation | 'core', Party>> = {
  own: createParty({ code: 'H49' }),
  child: createParty({ code: 'H49.05', parent: 'H49' }),
  foreign: createParty({ code: 'H37' }),
  core: createParty({ code: 'G22' }),
}
const parties = Object.values(bodies)
const aliases = { 'portal-core': ['G22'] }

/** A gateway with four bodies and a caller of every role: those that stand for a body stand for `own`. */
export interface World extends LentGateway, Described {
  /** A key of each role alone. */
  readonly roleKeys: Readonly<Record<Role, string>>
  /** A key of `own` that has every role. */
  readonly everyRole: string
  /** A call with headers of its own, by a key or by nobody. */
  request(key: string | null, method: string, ask: Request): Promise<CallAnswer>
  /** A message sent by a body to the core, or to the bodies named; answers its id. */
  send(from: Party, to?: readonly Party[]): Promise<string>
}

interface Request {
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: { readonly type: string; readonly bytes: string | Uint8Array }
}

export function withWorld(use: (world: World) => Promise<void>): Promise<void> {
  return withDescription(parties, { registry: { aliases } }, async (lent, described) => {
    const everyRole = newKey()
    const roleKeys = Object.fromEntries(roles.map((role) => [role, newKey()])) as Record<Role, string>
    await addCredentials(lent, [
      ...roles.map((role) => ({ key: roleKeys[role], roles: [role] })),
      { key: everyRole, roles: [...roles] },
    ])
    await use({
      ...lent,
      ...described,
      roleKeys,
      everyRole,
      request: (key, method, ask) => request(lent.url, { key, method, ...ask }),
      send: (from, to) => send(lent, from, to),
    })
  })
}

const newKey = () => randomBytes(32).toString('base64url')

async function addCredentials(
  { store }: LentGateway,
  added: readonly { readonly key: string; readonly roles: readonly Role[] }[],
): Promise<void> {
  const { registry, credentials } = registryOf(parties, { aliases })
  const [pattern] = credentials
  const more = added.map(({ key, roles: held }) => ({
    ...pattern!,
    id: randomUUID(),
    person: held.includes('agency') ? null : 'Nguyễn Văn Thử',
    agency: held.some((role) => role.startsWith('agency')) ? bodies.own.agency.code : null,
    roles: held,
    secretHash: sha256(Buffer.from(key)),
  }))
  await store.importRegistry(registry, [...credentials, ...more])
}

async function request(
  url: string,
  {
    key,
    method,
    path,
    headers = {},
    body,
  }: Request & { readonly key: string | null; readonly method: string },
): Promise<CallAnswer> {
  const answer = await fetch(`${url}${path}`, {
    method,
    headers: {
      ...headers,
      ...(key === null ? {} : { authorization: `Bearer ${key}` }),
      ...(body === undefined ? {} : { 'content-type': body.type }),
    },
    ...(body === undefined ? {} : { body: body.bytes }),
  })
  const text = await answer.text()
  const isJson = answer.headers.get('content-type')?.includes('json') ?? false
  return {
    status: answer.status,
    headers: answer.headers,
    text,
    json: (isJson ? JSON.parse(text) : {}) as CallAnswer['json'],
  }
}

/** Another subject for each message, so that none waits behind another. */
let subject = 0

async function send({ call }: LentGateway, from: Party, to: readonly Party[] = []): Promise<string> {
  const recipients = to.map(({ agency }) => agency.code)
  const action = recipients.length === 0 ? 'dossier.submitted' : 'document.letter'
  const bytes = await envelopeOf(from, action, samplePayload(action, (subject += 1)), { recipients })
  const answer = await call(from.apiKey, 'POST', '/v1/messages', { type: 'application/xml', bytes })
  if (answer.status !== 202) throw new Error(`not accepted: ${answer.text}`)
  return String(answer.json['id'])
}

/** What the description says against an answer of an operation; nothing when it holds. */
export function faultsOf(
  { operations, validate }: Described,
  key: string,
  answer: CallAnswer,
): readonly string[] {
  const operation = operations.find((each) => each.key === key)?.operation
  const described = operation?.responses[String(answer.status)]
  if (described === undefined)
    return [`answers ${answer.status}, which is not described: ${answer.text.slice(0, 200)}`]
  const schema = described.content?.['application/json']?.schema
  if (schema === undefined)
    return Object.keys(answer.json).length === 0 ? [] : [`answers ${answer.status} with JSON`]
  return validate(schema, answer.json)
}
