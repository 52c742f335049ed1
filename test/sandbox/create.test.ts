import { expect } from 'chai'
import { readFileSync } from 'node:fs'
import { readRegistryFile, type RegistryImport } from '../../config/registry-file.ts'
import { createSandbox, type PartyRow, type Sandbox } from '../../sandbox/create.ts'
import type { ClientRow } from '../../sandbox/rows.ts'
import { readKnown, rootsOf } from '../../sandbox/party-client.ts'
import { checkCertificate, readCertificate } from '../../signing/certificate.ts'
import { sha256 } from '../../signing/digest.ts'
import { readPkcs12 } from '../../signing/pkcs12.ts'
import { withTempDir } from '../support/processes.ts'

const now = Date.parse('2026-11-21T01:00:00Z')
const parties: readonly PartyRow[] = [
  {
    code: 'H01',
    name: 'Tỉnh Thử',
    partyClass: 'state',
    dialect: 'mailbox',
    options: { format: 'sealed' },
    grants: ['status.updated'],
  },
  {
    code: 'H01.02',
    name: 'Sở Thử',
    partyClass: 'state',
    parent: 'H01',
    dialect: 'mailbox',
    options: { format: 'sealed' },
    grants: [],
  },
  {
    code: 'NH01',
    name: 'Ngân hàng Thử',
    partyClass: 'company',
    signing: 'rsa',
    oauth: true,
    dialect: 'mailbox',
    options: { format: 'sealed' },
    grants: ['payment.result'],
  },
]

const clients: readonly ClientRow[] = [
  {
    ...{ code: 'H02', name: 'Một cửa Thử', partyClass: 'state', dialect: 'adapter-envelope', options: {} },
    grants: ['dossier.submitted'],
    door: { path: '/adapter', account: '000.00.00.H02', names: ['username', 'password'] },
  },
]

interface RegistryFile {
  readonly registry: {
    readonly agencies: readonly { readonly code: string; readonly parent?: string }[]
    readonly certificates: readonly {
      readonly agency: string
      readonly use: string
      readonly fingerprint: string
    }[]
    readonly trustRoots: readonly { readonly partyClass: string; readonly pem: string }[]
    readonly grants: Readonly<Record<string, readonly string[]>>
  }
}

const registryOf = ({ paths }: Sandbox) => JSON.parse(readFileSync(paths.registry, 'utf8')) as RegistryFile

describe('sandbox/create', () => {
  let sandbox: Sandbox
  let again: Sandbox
  let registry: RegistryFile
  let known: RegistryImport['credentials']
  let shown: readonly (Readonly<Record<string, unknown>> & { readonly code: string })[]

  before(async function () {
    this.timeout(60_000)
    await withTempDir(async (dir) => {
      sandbox = await createSandbox({ dir, parties, clients, gatewayPort: 8099, now })
      registry = registryOf(sandbox)
      known = readRegistryFile(readFileSync(sandbox.paths.registry, 'utf8')).credentials
      for (const { signing, encryption, code } of sandbox.parties) {
        for (const [use, { file, passphrase }] of [
          ['sign', signing],
          ['encrypt', encryption],
        ] as const) {
          const { certificate } = readPkcs12(readFileSync(file), passphrase)
          const row = registry.registry.certificates.find((each) => each.agency === code && each.use === use)
          expect(row?.fingerprint, `${code} ${use}`).to.equal(certificate.fingerprint)
          checkCertificate(certificate, rootsOf(readKnown(sandbox.paths.certificates)), now, use)
        }
      }
      shown = JSON.parse(readFileSync(sandbox.paths.credentials, 'utf8')) as typeof shown
      again = await createSandbox({ dir, parties, clients, gatewayPort: 8100, now: now + 1000 })
    })
  })

  it('gives each body that speaks a credential, one of them a client too, and those who govern one each', () => {
    expect(sandbox.parties.map(({ code }) => code)).to.deep.equal(['H01', 'NH01'])
    expect(sandbox.people.map(({ role }) => role)).to.deep.equal(['operator', 'admin', 'auditor'])
    const hashOf = (text = '') => sha256(text).toString('hex')
    const keys = [...sandbox.parties, ...sandbox.clients, ...sandbox.people].map(({ apiKey }) =>
      hashOf(apiKey),
    )
    const knownHash = ({ secretHash }: (typeof known)[number]) => Buffer.from(secretHash).toString('hex')
    expect(known.filter(({ kind }) => kind === 'key').map(knownHash)).to.deep.equal(keys)
    const [client] = known.filter(({ kind }) => kind === 'oauth')
    const row = sandbox.parties.find(({ clientId }) => clientId !== undefined)
    expect(client).to.include({ id: row?.clientId, agency: row?.code })
    expect(known.filter(({ kind }) => kind === 'oauth').map(knownHash)).to.deep.equal([
      hashOf(row?.clientSecret),
    ])
    for (const { person, agency } of known) expect(person === null).to.equal(agency !== null)
  })

  it("has a row for a partner's software with what is to be entered there, and no key of the axis", () => {
    const { password, apiKey, ...row } = shown.find(({ code }) => code === 'H02') ?? { code: '' }
    expect(row).to.deep.equal({
      ...{ code: 'H02', name: 'Một cửa Thử', dialect: 'adapter-envelope', options: {} },
      ...{ url: 'http://127.0.0.1:8099/adapter', username: '000.00.00.H02' },
    })
    expect(password).to.equal(sandbox.clients[0]?.secret).and.to.have.length.above(20)
    expect(apiKey).to.equal(again.clients[0]?.apiKey)
    expect(again.clients[0]?.secret).to.equal(password)
  })

  it('lists a body below another with the keys of the one above and no grants', () => {
    const certificate = (agency: string) =>
      registry.registry.certificates.filter((row) => row.agency === agency && row.use === 'encrypt')
    expect(registry.registry.agencies[1]).to.include({ code: 'H01.02', parent: 'H01' })
    expect(certificate('H01.02').map(({ fingerprint }) => fingerprint)).to.deep.equal(
      certificate('H01').map(({ fingerprint }) => fingerprint),
    )
    expect(registry.registry.grants['H01.02']).to.deep.equal([])
  })

  it('has an authority per class, each named as one of the sandbox', () => {
    const { trustRoots } = registry.registry
    expect(trustRoots.map(({ partyClass }) => partyClass)).to.deep.equal(['state', 'company'])
    for (const { pem } of trustRoots) expect(readCertificate(pem).subject).to.match(/O=Sandbox/)
    expect(new Set(trustRoots.map(({ pem }) => pem))).to.have.property('size', 2)
  })

  it('keeps keys and secrets when it is made again, and takes the new address', () => {
    const secrets = ({ parties: rows, people }: Sandbox) => [
      rows.map(({ apiKey, clientId, clientSecret }) => [apiKey, clientId, clientSecret]),
      people.map(({ apiKey }) => apiKey),
    ]
    expect(secrets(again)).to.deep.equal(secrets(sandbox))
    expect(again.env['MASTER_KEYS']).to.equal(sandbox.env['MASTER_KEYS'])
    expect(again.parties.map(({ signing }) => signing)).to.deep.equal(
      sandbox.parties.map(({ signing }) => signing),
    )
    expect(again.gatewayUrl).to.equal('http://127.0.0.1:8100')
    expect(again.env['PORT']).to.equal('8100')
  })
})
