import { spawnSync } from 'node:child_process'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { writePkcs12 } from '../../signing/pkcs12.ts'
import { withGateway } from '../support/gateway.ts'
import { createParty, trustRoots } from '../support/parties.ts'
import { withProcess, withTempDir } from '../support/processes.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const inMinutes = 240_000
const passphrase = 'mat khau thu'

/** What its user's program looks like; the types are checked, then it runs on plain Node. */
const program = `
import { readFileSync } from 'node:fs'
import { createClient, createJsonClient, readCertificate, readPkcs12, signingKey, verifyPush } from '@lien-thong/client'

const given = JSON.parse(readFileSync('given.json', 'utf8')) as Record<'url' | 'apiKey' | 'code' | 'root', string>
const { key, certificate } = readPkcs12(readFileSync('sign.p12'), '${passphrase}')
const options = { url: given.url, apiKey: given.apiKey, trustRoots: [readCertificate(given.root)] }
const client = createClient({
  ...options,
  code: given.code,
  gateway: 'TRUC',
  signingKey: signingKey(key, certificate),
  decryptionKeys: [],
  ownerOf: () => undefined,
})
const sent = await client.send({ action: 'status.updated', recipients: ['G22'] }, {
  data: [{ MaHoSo: 'H49.05-261121-0001', TrangThai: '2', NoiDungXuLy: 'Tiếp nhận' }],
})
if (sent.kind === 'refused') throw new Error(JSON.stringify(sent.error))
const receipt = await client.verifyReceipt(sent.receipt)
const state = await createJsonClient(options).message(sent.id)
console.log(JSON.stringify({ kind: receipt.kind, recipient: state.deliveries[0]?.recipient, push: typeof verifyPush }))
`

const wrong = `
import type { PayloadOf } from '@lien-thong/client'
export const payload: PayloadOf<'status.updated'> = { data: [{ MaHoSo: 'H49-1', TrangThaii: '2' }] }
`

const compiler = {
  compilerOptions: {
    ...{ module: 'nodenext', target: 'es2023', strict: true, types: ['node'] },
    ...{ typeRoots: [join(root, 'node_modules/@types')], skipLibCheck: true },
  },
}

const run = (command: readonly string[], cwd: string) => {
  const [name = '', ...args] = command
  const { status, stdout, stderr } = spawnSync(name, args, { cwd, encoding: 'utf8' })
  return { status, text: `${stdout}${stderr}` }
}

/** Packs the client and installs it as a stranger would; what it needs comes from this project's libraries, so that no network is asked. */
async function install(folder: string): Promise<void> {
  const packed = run(['npm', 'pack', '--pack-destination', folder], join(root, 'client'))
  expect(packed.status, packed.text).to.equal(0)
  const tarball = (await readdir(folder)).find((name) => name.endsWith('.tgz')) ?? 'none'
  const libraries = ['libxml2-wasm', 'node-forge', 'undici', 'zod']
  const overrides = libraries.map((name) => [name, `file:${join(root, 'node_modules', name)}`])
  const about = { name: 'stranger', type: 'module', overrides: Object.fromEntries(overrides) as unknown }
  await writeFile(join(folder, 'package.json'), JSON.stringify(about))
  const installed = run(['npm', 'install', '--offline', '--ignore-scripts', `./${tarball}`], folder)
  expect(installed.status, installed.text).to.equal(0)
}

const compile = (folder: string) =>
  run([process.execPath, join(root, 'node_modules/typescript/bin/tsc'), '-p', folder], folder)

describe('client: packed and installed elsewhere', () => {
  it('compiles, sends to a running gateway and verifies its receipt', async () => {
    const [sender, recipient] = [createParty({ code: 'H49' }), createParty({ code: 'G22' })]
    await withTempDir(async (folder) => {
      await install(folder)
      await mkdir(join(folder, 'wrong'))
      await writeFile(join(folder, 'wrong/use.ts'), wrong)
      await writeFile(join(folder, 'wrong/tsconfig.json'), JSON.stringify(compiler))
      await writeFile(join(folder, 'use.ts'), program)
      await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ ...compiler, files: ['use.ts'] }))
      expect(compile(folder)).to.deep.equal({ status: 0, text: '' })
      expect(compile(join(folder, 'wrong')).text).to.match(/TrangThaii/)
      const store = writePkcs12(sender.signing.key, [sender.signing.certificate], passphrase)
      await writeFile(join(folder, 'sign.p12'), store)
      await withGateway([sender, recipient], {}, async ({ url }) => {
        const { apiKey, agency } = sender
        const authority = trustRoots('state')[0]?.pem
        const given = { url, apiKey, code: agency.code, root: authority }
        await writeFile(join(folder, 'given.json'), JSON.stringify(given))
        await withProcess(process.execPath, ['use.js'], { cwd: folder }, async ({ exit, stdout, stderr }) => {
          expect((await exit).code, stderr.join('\n')).to.equal(0)
          const said: unknown = JSON.parse(stdout[0] ?? '')
          expect(said).to.deep.equal({ kind: 'accepted', recipient: 'G22', push: 'function' })
        })
      })
    })
  }).timeout(inMinutes)
})
