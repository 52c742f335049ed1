import { expect } from 'chai'
import type { Agency } from '../../schemas/agency.ts'
import { busRequest } from './edoc.ts'
import { withGateway, type LentGateway } from './gateway.ts'
import { createParty } from './parties.ts'
import { admit, createPerson } from './people.ts'

export const organ = '000.00.05.H49'
export const token = 'khóa-thử'
export const codes = { [organ]: 'H49.05' }

export interface BusScene {
  readonly lent: LentGateway
  /** Calls the bus as one of its clients; answers the text, whose status is 200. */
  ask(operation: string, given?: Parameters<typeof busRequest>[1]): Promise<string>
}

/** A department that speaks to the bus, and a province that pulls from it or is a bus itself. */
export function busScene(options: Agency['options'], use: (scene: BusScene) => Promise<void>): Promise<void> {
  const department = createParty({ code: 'H49.05', dialect: 'edoc-soap', options: { codes } })
  const parties = [department, createParty({ code: 'H37', dialect: 'edoc-soap', options })]
  return withGateway(parties, {}, async (lent) => {
    const admin = createPerson('admin')
    await admit(lent, parties, [admin], {})
    const put = async (code: string, name: string, value: string) => {
      const path = `/admin/v1/agencies/${code}/secrets/${encodeURIComponent(name)}`
      const { status, text } = await lent.call(admin.apiKey, 'PUT', path, {
        ...{ type: 'application/json', bytes: JSON.stringify({ value }) },
      })
      expect(status, text).to.be.below(300)
    }
    await put('H37', 'token', 'khóa-của-trục')
    await put('H37', 'account:edoc-soap:H37', 'khóa-H37')
    await put('H49.05', `account:edoc-soap:${organ}`, token)
    const ask: BusScene['ask'] = async (operation, given) => {
      const { body, contentType, soapAction } = busRequest(operation, given)
      const answer = await fetch(`${lent.url}/services/eDocService`, {
        ...{ method: 'POST', body },
        headers: { 'content-type': contentType, soapaction: soapAction },
      })
      expect(answer.status).to.equal(200)
      return answer.text()
    }
    await use({ lent, ask })
  })
}

/** The province asks for what waits for it, with its own token. */
export const asks = { token: 'khóa-H37', organ: 'H37' }
