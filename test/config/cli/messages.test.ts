import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { withGateway } from '../../support/gateway.ts'
import { createParty, envelopeOf, operatorKey, trustRoots, type Party } from '../../support/parties.ts'
import { samplePayload } from '../../support/payloads.ts'
import { freePort, withTempDir } from '../../support/processes.ts'
import { writePkcs12 } from '../../../signing/pkcs12.ts'
import { run, unhurried } from './run.ts'

const sender = createParty({ code: 'H49' })
const recipient = createParty({ code: 'G22', options: { format: 'json' } })
const passphrase = 'mat khau thu'
const payload = samplePayload('status.updated', 1)

/** A `credentials.json` with the keys beside it, as the sandbox writes it. */
async function writeCredentials(folder: string, url: string, parties: readonly Party[]): Promise<string> {
  const rows = parties.map(async ({ agency: { code }, apiKey, signing, decryption }) => {
    const files = { signing: join(folder, `${code}-s.p12`), encryption: join(folder, `${code}-e.p12`) }
    await writeFile(files.signing, writePkcs12(signing.key, [signing.certificate], passphrase))
    await writeFile(files.encryption, writePkcs12(decryption.key, [decryption.certificate], passphrase))
    const keys = Object.entries(files).map(([use, file]) => [use, { file, passphrase }])
    return { code, url, apiKey, ...(Object.fromEntries(keys) as object) }
  })
  const known = {
    gateway: 'TRUC',
    trustRoots: [{ partyClass: 'state', pem: trustRoots('state')[0]?.pem }],
    certificates: [],
  }
  await writeFile(join(folder, 'certificates.json'), JSON.stringify(known))
  const file = join(folder, 'credentials.json')
  await writeFile(file, JSON.stringify(await Promise.all(rows)))
  return file
}

describe('lienthong: messages', () => {
  it('sends as a body, shows the state, pulls and acknowledges, and says what is refused', async () => {
    await withGateway([sender, recipient], {}, async ({ url, store }) =>
      withTempDir(async (folder) => {
        const credentials = await writeCredentials(folder, url, [sender, recipient])
        const as = (code: string) => ['--as', code, '--credentials', credentials]
        const message = join(folder, 'message.json')
        await writeFile(message, JSON.stringify({ action: 'status.updated', recipients: ['G22'], payload }))

        const sent = await run(['send', message, '--ref', 'so-1', '--json', ...as('H49')])
        expect(sent, sent.err).to.include({ code: 0, err: '' })
        const { id, kind, verified } = JSON.parse(sent.out) as Record<string, unknown>
        expect({ kind, verified }).to.deep.equal({ kind: 'accepted', verified: true })

        const status = await run(['status', String(id), ...as('H49')])
        expect(status.code, status.err).to.equal(0)
        expect(status.out)
          .to.match(/G22 +due/)
          .and.to.match(/accepted .* đúng · ok/)
        expect(Math.max(...status.out.split('\n').map(({ length }) => length))).to.be.at.most(100)

        const pulled = await run(['pull', '--ack', ...as('G22')])
        expect(pulled.code, pulled.err).to.equal(0)
        expect(pulled.out).to.contain(String((payload['data'] as { MaHoSo: string }[])[0]?.MaHoSo))
        const view = await store.findMessage(String(id))
        expect(view?.deliveries.map(({ state }) => state)).to.deep.equal(['processed'])

        await writeFile(message, JSON.stringify({ data: [{ TrangThai: '2' }] }))
        const refused = await run([
          'send',
          message,
          '--action',
          'status.updated',
          '--to',
          'G22',
          ...as('H49'),
        ])
        expect(refused).to.include({ code: 3, out: '' })
        expect(refused.err).to.match(/Trường dữ liệu không hợp lệ\.\nA field is not valid\./)
        expect(refused.err)
          .to.match(/data\[0\]\.MaHoSo/)
          .and.to.match(/detail id +[0-9a-f-]{36}/)
      }),
    )
  }).timeout(unhurried)

  it('sends a signed envelope with a key alone; a reader without the right learns why, and the exit code too', async () => {
    await withGateway([sender, recipient], {}, async ({ url }) =>
      withTempDir(async (folder) => {
        const file = join(folder, 'message.xml')
        await writeFile(file, await envelopeOf(sender, 'status.updated', payload, { recipients: ['G22'] }))
        const key = { LIENTHONG_URL: url, LIENTHONG_KEY: sender.apiKey }
        const sent = await run(['send', file], key)
        expect(sent, sent.err).to.include({ code: 0, err: '' })
        expect(sent.out).to.contain('chưa kiểm chữ ký: thiếu --roots')
        await writeFile(join(folder, 'key'), `${operatorKey}\n`)
        const pulled = await run(['pull', '--url', url, '--key-file', join(folder, 'key'), '--json'])
        expect(pulled.code).to.equal(3)
        const { error } = JSON.parse(pulled.out) as { error: { code: string; detailId: string } }
        expect(error.code).to.equal('forbidden')
        const unknown = await run(['status', 'x'], { ...key, LIENTHONG_KEY: 'wrong' })
        expect(unknown.code).to.equal(3)
        expect(unknown.err).to.contain('unauthenticated').and.not.to.contain('wrong\n')
      }),
    )
  }).timeout(unhurried)

  it('says where it knocked when nobody answers', async () => {
    const url = `http://127.0.0.1:${await freePort()}`
    const ran = await run(['status', 'x', '--url', url], { LIENTHONG_KEY: 'k' })
    expect(ran).to.include({ code: 4, out: '' })
    expect(ran.err).to.contain(url).and.to.contain('ECONNREFUSED')
  }).timeout(unhurried)

  it('helps with a command line that is wrong: exit code 2, the nearest command, what a profile needs', async () => {
    const cases = [
      { args: ['stauts', 'x'], says: /Did you mean status/ },
      { args: ['status'], says: /missing required argument/ },
      { args: ['status', 'x'], says: /LIENTHONG_KEY/ },
      { args: ['pull', '--max', 'many'], says: /cần số nguyên từ 1 đến 100/ },
      { args: ['status', 'x', '--as', 'H49', '--credentials', 'none.json'], says: /Không có tệp none\.json/ },
    ]
    const ran = await Promise.all(cases.map(({ args }) => run(args)))
    for (const [index, { code, err, out }] of ran.entries()) {
      expect({ code, out }, err).to.deep.equal({ code: 2, out: '' })
      expect(err).to.match(cases[index]!.says)
    }
    const help = await run(['--help'])
    expect(help.code).to.equal(0)
    for (const name of [
      'send',
      'upload',
      'status',
      'pull',
      'keys',
      'agency',
      'drain',
      'deliveries',
      'replay',
      'doctor',
    ])
      expect(help.out).to.contain(`  ${name}`)
    expect(help.out).not.to.contain('\u001b')
  }).timeout(unhurried)
})
