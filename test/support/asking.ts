import { randomBytes, randomUUID } from 'node:crypto'
import type { Registry, Role } from '../../schemas/agency.ts'
import { sha256 } from '../../signing/digest.ts'
import { withGateway, type CallAnswer, type LentGateway } from './gateway.ts'
import type { registryOf, Party } from './parties.ts'

/** A person of a test, with a key of its own. */
export interface Person {
  readonly key: string
  readonly credential: ReturnType<typeof registryOf>['credentials'][number]
}

export function createPerson(person: string, role: Role, agency: string | null = null): Person {
  const key = randomBytes(32).toString('base64url')
  const now = Date.now()
  return {
    key,
    credential: {
      ...{ id: randomUUID(), person, agency, roles: [role], validFrom: now - 60_000 },
      ...{ validTo: now + 1_000 * 86_400_000, secretHash: sha256(Buffer.from(key)) },
    },
  }
}

export interface Ask {
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

interface Answer extends Omit<CallAnswer, 'json'> {
  readonly json: Readonly<Record<string, unknown>>
}

export type AskAs = (person: Person, method: string, path: string, ask?: Ask) => Promise<Answer>

/** A gateway with these parties, and people who call it with JSON. */
export function withPeople(
  parties: readonly Party[],
  { people, registry = {} }: { readonly people: readonly Person[]; readonly registry?: Partial<Registry> },
  use: (ask: AskAs, lent: LentGateway) => Promise<void>,
): Promise<void> {
  const credentials = people.map(({ credential }) => credential)
  return withGateway(parties, { registry, credentials }, (lent) => use(createAsk(lent.url), lent))
}

function createAsk(url: string): AskAs {
  return async ({ key }, method, path, { body, headers = {} } = {}) => {
    const type = body === undefined ? {} : { 'content-type': 'application/json' }
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: { authorization: `Bearer ${key}`, ...type, ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    const json = (text === '' ? {} : JSON.parse(text)) as Answer['json']
    return { status: answer.status, headers: answer.headers, json, text }
  }
}
