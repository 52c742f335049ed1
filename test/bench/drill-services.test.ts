import { expect } from 'chai'
import { join } from 'node:path'
import { missingServices, startMariadb } from '../../bench/support/services.ts'
import { withTempDir } from '../support/processes.ts'
import { skip } from '../support/skip.ts'
import { expectWholeEvidence, runWell } from './drill-evidence.ts'

const messages = 160
const limitMs = 240_000

describe('the drill on MariaDB and RabbitMQ of its own', () => {
  before(function () {
    const missing = missingServices()
    if (missing.length > 0) skip(this, `${missing.join(' and ')} not installed`)
  })

  it('loses, doubles and disorders nothing when they are killed too, and leaves whole chains of evidence', async function () {
    this.timeout(limitMs)
    await withTempDir(async (folder) => {
      const { kills } = await runWell(['--services', '--quick', '--folder', folder], messages)
      expect(kills).to.be.at.least(8) // three points (before each, the process that gets it), three services
      await withItsDatabase(folder, (url) => expectWholeEvidence(url, messages))
    })
  })
})

async function withItsDatabase(folder: string, use: (url: string) => Promise<void>): Promise<void> {
  const mariadb = await startMariadb({ dir: join(folder, 'mariadb'), durable: true })
  try {
    await use(mariadb.url)
  } finally {
    await mariadb.kill()
  }
}
