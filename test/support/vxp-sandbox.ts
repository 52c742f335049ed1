import { expect } from 'chai'
import { createSandbox, type Sandbox } from '../../sandbox/create.ts'
import { freePort } from './processes.ts'

/** A sandbox for processes of a gateway: an office, and an axis at `url` which it calls. */
export async function vxpSandbox(
  dir: string,
  url: string,
  options: Readonly<Record<string, unknown>> = {},
): Promise<Sandbox> {
  const door = { path: '', account: 'x', names: ['systemId', 'secret'] } as const
  const axis = {
    url: new URL(url).origin,
    systemId: 'TRUC.W00',
    pollSeconds: 1,
    directorySeconds: 0,
    ...options,
  }
  return createSandbox({
    ...{ dir, gatewayPort: await freePort(), now: Date.now() },
    parties: [
      {
        ...{ code: 'G22', name: 'Văn phòng Thử', partyClass: 'state', dialect: 'mailbox' },
        ...{ options: { format: 'json' }, grants: ['document.letter'] },
      },
    ],
    clients: [
      {
        ...{ code: 'TRUC.VB', name: 'Trục Thử', partyClass: 'state', dialect: 'vxp', options: axis, door },
        grants: ['document.letter'],
      },
    ],
  })
}

interface Ask {
  readonly method?: 'POST' | 'PUT'
  readonly value?: object
  readonly headers?: Readonly<Record<string, string>>
}

/** A call of the gateway with the key of a person by role, or of a party by code. */
export async function callSandbox(
  { gatewayUrl, people, parties }: Sandbox,
  who: string,
  path: string,
  { method, value, headers = {} }: Ask = {},
): Promise<Readonly<Record<string, unknown>>> {
  const apiKey =
    people.find(({ role }) => role === who)?.apiKey ?? parties.find(({ code }) => code === who)?.apiKey ?? ''
  const answer = await fetch(`${gatewayUrl}${path}`, {
    method: method ?? 'GET',
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json', ...headers },
    ...(value === undefined ? {} : { body: JSON.stringify(value) }),
  })
  expect(answer.ok, await answer.clone().text()).to.equal(true)
  return (await answer.json()) as Readonly<Record<string, unknown>>
}
