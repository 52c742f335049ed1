import { expect } from 'chai'
import { createSecretBook } from '../../workers/secret-book.ts'

const secret = (value: string, validFrom: number, validTo: number | null, place = {}) => ({
  ...{ id: value, agency: 'H49', name: 'webhook', value, validFrom, validTo },
  ...place,
})

describe('the book of secrets', () => {
  const book = createSecretBook([
    secret('tomorrow', 300, null),
    secret('today', 200, null),
    secret('yesterday', 100, 250),
    secret('other', 0, null, { name: 'password' }),
    secret('of another', 0, null, { agency: 'H37' }),
  ])

  it('gives what holds at the moment, newest first', () => {
    expect(book.values('H49', 'webhook', 99)).to.deep.equal([])
    expect(book.values('H49', 'webhook', 249)).to.deep.equal(['today', 'yesterday'])
    expect(book.values('H49', 'webhook', 250)).to.deep.equal(['today'])
    expect(book.values('H49', 'webhook', 300)).to.deep.equal(['tomorrow', 'today'])
    expect(book.values('H50', 'webhook', 300)).to.deep.equal([])
  })
})
