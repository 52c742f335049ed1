import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { bounds } from '../../schemas/bounds.ts'

const documented = {
  messageBytes: bounds.messageBytes,
  originalBytes: bounds.originalBytes,
  jsonBytes: bounds.jsonBytes,
  jsonValues: bounds.jsonValues,
  incomingBytes: bounds.incomingBytes,
  memoryBytes: bounds.memoryBytes,
  headerBytes: bounds.headerBytes,
  paceBytes: bounds.paceBytes,
}

describe('the table of bounds', () => {
  it('is the one in docs/limits.md', () => {
    const text = readFileSync('docs/limits.md', 'utf8')
    for (const [name, value] of Object.entries(documented))
      expect(text, name).to.include(value.toLocaleString('en'))
    expect(text).to.include(`${bounds.headers}, ${bounds.headersMs / 1000} s`)
    expect(text).to.include(`${bounds.requestMs / 1000} s`.replace('3600', '3,600'))
  })
})
