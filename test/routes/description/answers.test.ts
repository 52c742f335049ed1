import { expect } from 'chai'
import { faultsOf, withWorld, type World } from '../../support/world.ts'

type Operation = World['operations'][number]

const nowhere = '01930000-0000-7000-8000-000000000000'

/** The path with something in each place of a parameter. */
function pathOf({ key }: Operation, value: string): string {
  return (key.split(' ')[1] ?? '').replace(/\{\w+\}/g, value)
}

/** What a caller may get wrong, whatever the operation. */
const mistakes: readonly {
  readonly name: string
  readonly path: (operation: Operation) => string
  readonly key?: 'none'
  readonly body?: { readonly type: string; readonly bytes: string }
}[] = [
  { name: 'no key', key: 'none', path: (operation) => pathOf(operation, nowhere) },
  { name: 'an unknown id', path: (operation) => pathOf(operation, nowhere) },
  { name: 'what is no id', path: (operation) => pathOf(operation, 'x') },
  { name: 'a long id', path: (operation) => pathOf(operation, 'x'.repeat(2_000)) },
  {
    name: 'a strange question',
    path: (operation) => `${pathOf(operation, nowhere)}?max=x&max=y&since=x&wait=-1&dryRun=7`,
  },
  {
    name: 'no JSON',
    path: (operation) => pathOf(operation, nowhere),
    body: { type: 'application/json', bytes: '{' },
  },
  {
    name: 'an empty object',
    path: (operation) => pathOf(operation, nowhere),
    body: { type: 'application/json', bytes: '{}' },
  },
  {
    name: 'a number',
    path: (operation) => pathOf(operation, nowhere),
    body: { type: 'application/json', bytes: '7' },
  },
  {
    name: 'another type',
    path: (operation) => pathOf(operation, nowhere),
    body: { type: 'text/csv', bytes: 'a,b' },
  },
  {
    name: 'no XML',
    path: (operation) => pathOf(operation, nowhere),
    body: { type: 'application/xml', bytes: '<x' },
  },
]

describe('every operation answers what it is described to answer', () => {
  for (const { name, path, key, body } of mistakes)
    it(`to ${name}`, () =>
      withWorld(async (world) => {
        const wrong: string[] = []
        for (const operation of world.operations) {
          const method = operation.key.split(' ', 1)[0] ?? ''
          const sent = method === 'GET' ? undefined : body
          const answer = await world.call(
            key === 'none' ? null : world.everyRole,
            method,
            path(operation),
            sent,
          )
          wrong.push(...faultsOf(world, operation.key, answer).map((fault) => `${operation.key}: ${fault}`))
          if (answer.status >= 500) wrong.push(`${operation.key}: ${answer.status}`)
        }
        expect(wrong).to.deep.equal([])
      }))
})
