import { expect } from 'chai'
import type { Agency } from '../../schemas/agency.ts'
import type { Json } from '../../schemas/message.ts'
import { withGateway, type LentGateway } from './gateway.ts'
import { createParty, type Party } from './parties.ts'
import { admit, createPerson } from './people.ts'
import { portalPassword } from './portal.ts'

export interface FacadeAnswer {
  readonly status: number
  readonly text: string
  readonly error_code: Json
  readonly message: string
}

/** A province whose client speaks to the façade, the portal core and a ministry. */
export interface FacadeScene {
  readonly lent: LentGateway
  /** Calls an address as a client that can set nothing but that. */
  call(path: string, rows?: Json): Promise<FacadeAnswer>
  /** Actions that the portal core has received. */
  received(): Promise<readonly string[]>
}

export const key = 'khoa-thu-nghiem-cua-tinh'
export const base = `/facade/~motcua/${key}`
const registry = { aliases: { 'portal-core': ['G22'] } }
export const portal = createParty({ code: 'G22', dialect: 'native-json' })
export const ministry = createParty({ code: 'G03' })

export function facadeScene(
  options: Agency['options'],
  use: (scene: FacadeScene) => Promise<void>,
  core: Party = portal,
): Promise<void> {
  const province = createParty({ code: 'H49', dialect: 'facade', options })
  const parties = [province, core, ministry]
  return withGateway(parties, { registry }, async (lent) => {
    const admin = createPerson('admin')
    await admit(lent, parties, [admin], registry)
    for (const [path, value] of [
      ['H49/secrets/account%3Afacade%3Amotcua', key],
      ['G22/secrets/portal-password', portalPassword],
    ] as const) {
      const secret = { type: 'application/json', bytes: JSON.stringify({ value }) }
      const put = await lent.call(admin.apiKey, 'PUT', `/admin/v1/agencies/${path}`, secret)
      if (core !== portal || path.startsWith('H49')) expect(put.status, put.text).to.be.below(300)
    }
    const call: FacadeScene['call'] = async (path, rows) => {
      const post = { method: 'POST', headers: { 'content-type': 'application/json' } }
      const answer = await fetch(
        `${lent.url}${path}`,
        rows === undefined ? {} : { ...post, body: JSON.stringify(rows) },
      )
      const text = await answer.text()
      return {
        ...(JSON.parse(text) as Pick<FacadeAnswer, 'error_code' | 'message'>),
        status: answer.status,
        text,
      }
    }
    await use({
      ...{ lent, call },
      async received() {
        const { json } = await lent.call(portal.apiKey, 'GET', '/v1/messages?max=100')
        return (json as unknown as { items: { action: string }[] }).items.map(({ action }) => action).sort()
      },
    })
  })
}

export const isTaken = ({ status, error_code, message }: FacadeAnswer): boolean =>
  status === 200 && error_code === '0' && message.toLowerCase().includes('thành công')
