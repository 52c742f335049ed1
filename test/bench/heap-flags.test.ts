import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { heapFlags } from '../../bench/bench/system.ts'

describe('the flags of Node', () => {
  for (const file of ['Dockerfile', 'README.md', 'docs/operate.md'])
    it(`are in ${file} those that the bench measures with`, () => {
      const text = readFileSync(file, 'utf8').replaceAll(/"|,/g, '')
      expect(text).to.include(heapFlags.join(' '))
    })
})
