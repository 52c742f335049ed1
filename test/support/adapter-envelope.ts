import { expect } from 'chai'
import type { Agency, Registry } from '../../schemas/agency.ts'
import type { Json, Payload } from '../../schemas/message.ts'
import { withGateway, type LentGateway } from './gateway.ts'
import { createParty, type Party } from './parties.ts'
import { admit, createPerson } from './people.ts'

export type EnvelopeAnswer = Readonly<Record<string, Json>> & {
  readonly message: string
  readonly result: readonly Payload[]
}

/** A province that has logged in to the adapter envelope, the portal core and a ministry. */
export interface EnvelopeScene {
  readonly lent: LentGateway
  readonly session: string
  /** Calls a service with the session; answers what came, and its text as received. */
  service(name: string, body?: Readonly<Record<string, Json>>): Promise<EnvelopeAnswer>
  /** Posts any body to a path. */
  post(path: string, body: string | Uint8Array, type?: string): Promise<{ status: number; text: string }>
  /** Messages about a subject, oldest first, as the portal core received them. */
  received(): Promise<readonly { readonly action: string }[]>
}

export const forward = '/XrdAdapter/RestService/forward/mapi'
export const account = '000.00.00.H49'
export const password = 'mat-khau-thu-nghiem'
const aliases = { 'portal-core': ['G22'] }
export const portal = createParty({ code: 'G22', dialect: 'native-json' })
export const ministry = createParty({ code: 'G03' })

/** Who is there beside the province; the portal core pulls plain JSON unless it is another. */
interface Others {
  readonly core?: Party
  /** The secret of the core's account for us. */
  readonly corePassword?: string
  readonly subscriptions?: Registry['subscriptions']
}

export function envelopeScene(
  options: Agency['options'],
  use: (scene: EnvelopeScene) => Promise<void>,
  { core = portal, corePassword, subscriptions = {} }: Others = {},
): Promise<void> {
  const registry = { aliases, subscriptions }
  const province = createParty({ code: 'H49', dialect: 'adapter-envelope', options })
  const parties = [province, core, ministry]
  return withGateway(parties, { registry }, async (lent) => {
    const admin = createPerson('admin')
    await admit(lent, parties, [admin], registry)
    const keep = async (code: string, name: string, value: string) => {
      const path = `/admin/v1/agencies/${code}/secrets/${encodeURIComponent(name)}`
      const bytes = JSON.stringify({ value })
      const put = await lent.call(admin.apiKey, 'PUT', path, { type: 'application/json', bytes })
      expect(put.status, put.text).to.be.below(300)
    }
    if (corePassword !== undefined) await keep(core.agency.code, 'portal-password', corePassword)
    await keep('H49', `account:adapter-envelope:${account}`, password)
    const post: EnvelopeScene['post'] = async (path, body, type = 'application/json') => {
      const answer = await fetch(`${lent.url}${path}`, {
        method: 'POST',
        body,
        headers: { 'content-type': type },
      })
      return { status: answer.status, text: await answer.text() }
    }
    const login = await post(
      `${forward}/login?dstcode=VN:GOV:x`,
      JSON.stringify({ username: account, password }),
    )
    const { session } = JSON.parse(login.text) as { readonly session: string }
    await use({
      ...{ lent, session, post },
      async service(service, body = {}) {
        const { status, text } = await post(
          `${forward}/g`,
          JSON.stringify({ session, madonvi: 'H49', service, ...body }),
        )
        expect(status).to.equal(200)
        return JSON.parse(text) as EnvelopeAnswer
      },
      async received() {
        const { json } = await lent.call(portal.apiKey, 'GET', '/v1/messages?max=100')
        return (json as unknown as { items: { action: string }[] }).items
      },
    })
  })
}
