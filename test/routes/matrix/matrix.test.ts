import { expect } from 'chai'
import { roles, type Role } from '../../../schemas/agency.ts'
import type { CallAnswer } from '../../support/gateway.ts'
import { faultsOf, relations, withWorld, type Relation, type World } from '../../support/world.ts'
import { deliveryRows } from './deliveries.ts'
import { fileRows } from './files.ts'
import { identityRows } from './identity.ts'
import { messageRows } from './messages.ts'
import { paymentRows } from './payments.ts'
import { registryRows } from './registry.ts'
import { reached, type Ask, type MatrixRow } from './row.ts'
import { secretRows } from './secrets.ts'
import { trafficRows } from './traffic.ts'

/** What each role may see and do, by operation. A door without a row here fails. */
const matrix: Readonly<Record<string, MatrixRow>> = {
  ...messageRows,
  ...deliveryRows,
  ...paymentRows,
  ...fileRows,
  ...identityRows,
  ...trafficRows,
  ...registryRows,
  ...secretRows,
}

interface Case {
  readonly key: string
  readonly row: MatrixRow
  readonly role: Role
  readonly relation: Relation
}

describe('the authorisation matrix', () => {
  it('has a row for each operation, and none for what is gone', () =>
    withWorld(async ({ operations }) => {
      expect(Object.keys(matrix).sort()).to.deep.equal(operations.map(({ key }) => key).sort())
    }))

  it('lists for each operation the roles that reach anything, and no others', () =>
    withWorld(async ({ operations }) => {
      for (const { key, operation } of operations) {
        const { reach } = matrix[key] ?? { reach: 'public' }
        const expected = reach === 'public' ? [] : roles.filter((role) => (reach[role] ?? 'none') !== 'none')
        expect([...(operation['x-roles'] ?? [])].sort(), key).to.deep.equal([...expected].sort())
      }
    }))

  for (const [key, row] of Object.entries(matrix))
    it(`${key}: every role × own, child and foreign body; every answer as described`, () =>
      withWorld(async (world) => {
        const wrong: string[] = []
        for (const role of roles)
          for (const relation of relations) wrong.push(...(await judge(world, { key, row, role, relation })))
        if (row.reach !== 'public') wrong.push(...(await unknown(world, key, row)))
        expect(wrong).to.deep.equal([])
      }))
})

async function judge(world: World, { key, row, role, relation }: Case): Promise<readonly string[]> {
  const ask = await row.ask(world, relation)
  const answer = await world.request(ask.keyless === true ? null : world.roleKeys[role], methodOf(key), ask)
  const expected = row.reach === 'public' || reached[row.reach[role] ?? 'none'].includes(relation)
  const said = `${role}, ${relation}`
  const verdict =
    expected === reaches(answer, ask, row)
      ? []
      : [`${said}: ${expected ? 'kept out' : 'let in'} with ${answer.status} ${answer.text.slice(0, 200)}`]
  const plain =
    answer.status < 400 || [403, 404, row.past].includes(answer.status)
      ? []
      : [`${said}: ${answer.status} ${answer.text.slice(0, 200)}`]
  return [...verdict, ...plain, ...faultsOf(world, key, answer).map((fault) => `${said}: ${fault}`)]
}

/** Whoever is nobody is told nothing else. */
async function unknown(world: World, key: string, row: MatrixRow): Promise<readonly string[]> {
  const ask = await row.ask(world, 'own')
  const answers = [
    await world.request(null, methodOf(key), ask),
    await world.request('x'.repeat(43), methodOf(key), ask),
  ]
  return answers.flatMap((answer) => [
    ...(answer.status === 401 ? [] : [`nobody: ${answer.status}`]),
    ...faultsOf(world, key, answer),
  ])
}

function reaches(answer: CallAnswer, { shows }: Ask, { past }: MatrixRow): boolean {
  return answer.status === past || (answer.status < 400 && (shows === undefined || shows(answer)))
}

function methodOf(key: string): string {
  return key.split(' ', 1)[0] ?? ''
}
