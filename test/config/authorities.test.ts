import { expect } from 'chai'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readAuthorities } from '../../config/authorities.ts'
import { trustRoots } from '../support/parties.ts'
import { withTempDir } from '../support/processes.ts'

describe('authorities of outgoing calls', () => {
  const pems = [...trustRoots('state'), ...trustRoots('company')].map(({ pem }) => pem)

  it('are every certificate of the file, and none where no file is named', () =>
    withTempDir(async (dir) => {
      const path = join(dir, 'ca.pem')
      writeFileSync(path, `# two\n${pems.join('\n')}`)
      expect(readAuthorities(path).length).to.equal(2)
      expect(readAuthorities(undefined)).to.deep.equal([])
    }))

  it('refuse a start on a file that is missing, empty or spoilt', () =>
    withTempDir(async (dir) => {
      const path = join(dir, 'ca.pem')
      expect(() => readAuthorities(path)).to.throw('OUTGOING_CA_FILE')
      for (const text of ['', pems[0]!.replace('MI', '!!')]) {
        writeFileSync(path, text)
        expect(() => readAuthorities(path), text.slice(0, 40)).to.throw('OUTGOING_CA_FILE')
      }
    }))
})
