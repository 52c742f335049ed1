import { expect } from 'chai'
import type { Agency } from '../../schemas/agency.ts'
import type { Json, Message } from '../../schemas/message.ts'
import { withGateway, type LentGateway } from './gateway.ts'
import { createParty, type Party } from './parties.ts'
import { admit, createPerson } from './people.ts'

/** A call's answer: JSON as it came. */
export interface DoorSaid {
  readonly status: number
  readonly headers: Headers
  readonly json: Readonly<Record<string, Json>>
}

/** A province with a token at the door of a dialect, and the portal core. */
export interface TokenScene {
  readonly lent: LentGateway
  readonly token: string
  /** Of the province. */
  readonly apiKey: string
  call(method: string, path: string, body?: Json | FormData): Promise<DoorSaid>
  /** Actions of the messages that the portal core is to receive, oldest first. */
  received(): Promise<readonly string[]>
  /** The newest message of an action about a subject, as it is kept. */
  latest(subjectKey: string, action: string): Promise<Pick<Message, 'id' | 'payload'> | undefined>
}

interface Door {
  readonly dialect: string
  readonly tokenPath: string
  readonly options?: Agency['options']
  /** Beside the province H49 and the portal core. */
  readonly others?: readonly Party[]
  /** Codes behind the alias of the portal core. */
  readonly core?: readonly string[]
  /** Secrets of bodies, by body and name. */
  readonly secrets?: readonly (readonly [agency: string, name: string, value: string])[]
}

export const portal = createParty({ code: 'G22', dialect: 'native-json' })
export const client = { client_id: 'h49-mot-cua', client_secret: 'bi mật/thử%20+&' }

export const formOf = (fields: Readonly<Record<string, string>>): RequestInit => ({
  method: 'POST',
  body: new URLSearchParams(fields),
})

export function tokenScene(
  { dialect, tokenPath, options = {}, others = [], core = ['G22'], secrets = [] }: Door,
  use: (scene: TokenScene) => Promise<void>,
): Promise<void> {
  const registry = { aliases: { 'portal-core': core } }
  const province = createParty({ code: 'H49', dialect, options })
  const parties = [province, portal, ...others]
  return withGateway(parties, { registry }, async (lent) => {
    const admin = createPerson('admin')
    await admit(lent, parties, [admin], registry)
    const put = async (agency: string, name: string, value: string) => {
      const path = `/admin/v1/agencies/${agency}/secrets/${encodeURIComponent(name)}`
      const body = { type: 'application/json', bytes: JSON.stringify({ value }) }
      const { status, text } = await lent.call(admin.apiKey, 'PUT', path, body)
      expect(status, text).to.be.below(300)
    }
    for (const secret of secrets) await put(...secret)
    await put('H49', `account:${dialect}:${client.client_id}`, client.client_secret)
    const granted = await fetch(
      `${lent.url}${tokenPath}`,
      formOf({ grant_type: 'client_credentials', ...client }),
    )
    const { access_token: token } = (await granted.json()) as { access_token: string }
    await use({
      ...{ lent, token, apiKey: province.apiKey },
      async call(method, path, body) {
        const isForm = body instanceof FormData
        const answer = await fetch(`${lent.url}${path}`, {
          method,
          headers: {
            authorization: `Bearer ${token}`,
            ...(isForm || body === undefined ? {} : { 'content-type': 'application/json' }),
          },
          ...(body === undefined ? {} : { body: isForm ? body : JSON.stringify(body) }),
        })
        const { status, headers } = answer
        return { status, headers, json: (await answer.json()) as DoorSaid['json'] }
      },
      async received() {
        const { json } = await lent.call(portal.apiKey, 'GET', '/v1/messages?max=100')
        return (json as unknown as { items: { action: string }[] }).items.map(({ action }) => action)
      },
      async latest(subjectKey, action) {
        return (await lent.store.latestMessages(subjectKey, [action]))[0]?.message
      },
    })
  })
}
