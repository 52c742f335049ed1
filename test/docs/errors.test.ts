import { expect } from 'chai'
import { readFileSync } from 'node:fs'
import { errorsPage, errorsPath } from './errors-page.ts'

describe('the catalogue of errors', () => {
  it('is the table of errors, as it stands', () => {
    const written = readFileSync(errorsPath, 'utf8')
    expect(written, 'run: node --import tsx test/docs/errors-page.ts').to.equal(errorsPage())
  })
})
