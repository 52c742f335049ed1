import { expect } from 'chai'
import { spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { signWebhook } from '../../signing/webhook.ts'
import { withGateway } from '../support/gateway.ts'
import { createParty } from '../support/parties.ts'
import { admit, createPerson } from '../support/people.ts'
import { withTempDir } from '../support/processes.ts'
import { needsTool, type Tool } from '../support/tools.ts'

const text = readFileSync(new URL('../../docs/push.md', import.meta.url), 'utf8')

/** The only block of the guide in a language. */
function snippet(language: string): string {
  const [, block = '', ...more] = new RegExp(`\`\`\`${language}\\n([\\s\\S]+?)\`\`\``).exec(text) ?? []
  expect(block, language).not.to.equal('')
  expect(more).to.deep.equal([])
  return block
}

/** Runs a program on a file with these variables and this standard input; answers its exit code. */
function exitOf(
  [command, ...args]: readonly [string, ...string[]],
  env: Readonly<Record<string, string>>,
  input = '',
): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      env: { ...process.env, ...env },
      stdio: ['pipe', 'ignore', 'inherit'],
    })
    child.once('error', reject)
    child.once('close', resolve)
    child.stdin.on('error', () => undefined) // a verdict may come before all is read
    child.stdin.end(input)
  })
}

const languages: readonly {
  readonly name: string
  readonly file: string
  readonly command: string
  readonly tool?: Tool
}[] = [
  { name: 'js', file: 'verify.mjs', command: process.execPath },
  { name: 'python', file: 'verify.py', command: 'python3', tool: 'python3' },
  { name: 'bash', file: 'verify.sh', command: 'bash', tool: 'openssl' },
]

const body = '{"MaHoSo":"H49-261121-0001","NoiDung":"Đã nhận"}'
const secrets = [3, 4].map((n) => `whsec_${Buffer.alloc(32, n).toString('base64')}`)

describe('the guide to pushes', () => {
  for (const { name, file, command, tool } of languages)
    it(`has a snippet in ${name} that tells a genuine push from others`, function () {
      if (tool !== undefined) needsTool(this, tool)
      return withTempDir(async (dir) => {
        const path = join(dir, file)
        writeFileSync(path, snippet(name))
        const timestamp = Math.floor(Date.now() / 1000)
        const env = {
          WEBHOOK_ID: 'd-1',
          WEBHOOK_TIMESTAMP: String(timestamp),
          WEBHOOK_SIGNATURE: signWebhook({ id: 'd-1', timestamp, body: Buffer.from(body) }, secrets),
        }
        const verdict = (given: Record<string, string>, sent = body) =>
          exitOf([command, path], { ...env, ...given }, sent)
        for (const secret of secrets) expect(await verdict({ WEBHOOK_SECRET: secret })).to.equal(0)
        const [secret = ''] = secrets
        const stranger = `whsec_${Buffer.alloc(32, 9).toString('base64')}`
        expect(await verdict({ WEBHOOK_SECRET: stranger })).to.equal(1)
        expect(await verdict({ WEBHOOK_SECRET: secret, WEBHOOK_ID: 'd-2' })).to.equal(1)
        expect(await verdict({ WEBHOOK_SECRET: secret }, body.replace('0001', '0002'))).to.equal(1)
      })
    }).timeout(30_000)

  it('puts a secret with curl as it says', function () {
    needsTool(this, 'curl')
    needsTool(this, 'openssl')
    const party = createParty({
      code: 'H49',
      dialect: 'rest-push',
      options: { url: 'https://nhan.example.vn/' },
    })
    const own = createPerson('agency-admin', 'H49')
    return withGateway([party], {}, async (lent) => {
      await admit(lent, [party], [own])
      const env = { GATEWAY: lent.url, AGENCY: 'H49', KEY: own.apiKey }
      expect(await exitOf(['bash', '-c', snippet('sh')], env)).to.equal(0)
      const { secrets: kept } = await lent.store.loadSecrets()
      expect(kept.map(({ agency, name }) => [agency, name])).to.deep.equal([['H49', 'webhook']])
    })
  })
})
