import { generateKeyPairSync } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { Command } from 'commander'
import { checkCertificate, readCertificate, type Certificate } from '../../signing/certificate.ts'
import { selfSign } from '../../signing/issue.ts'
import { certificateRequest } from '../../signing/request.ts'
import { readPkcs12, writePkcs12 } from '../../signing/pkcs12.ts'
import { localCommand, said, type Asked } from './command.ts'
import { usage } from './faults.ts'
import { exitCodes, type Io, type Said } from './io.ts'
import { wholeNumber } from './numbers.ts'
import { fields } from './screen.ts'

interface MakeOptions {
  readonly name: string
  readonly organization: string
  readonly use: string
  readonly out: string
  readonly days: number
  readonly passphraseFile?: string
}

interface ShowOptions {
  readonly passphraseFile?: string
}

const dayMs = 86_400_000
const warnDays = 30

/** `lienthong keys`: the keys of a body, on this machine; nothing is sent anywhere. */
export function keysCommand(io: Io): Command {
  return new Command('keys')
    .description(
      said(
        'khóa và chứng thư của một cơ quan, trên máy này',
        'keys and certificates of a body, on this machine',
      ),
    )
    .addCommand(makeCommand(io))
    .addCommand(showCommand(io))
}

function makeCommand(io: Io): Command {
  return localCommand<MakeOptions>(
    io,
    'make',
    said(
      'tạo cặp khóa: tệp .p12 tự ký và yêu cầu cấp chứng thư .csr',
      'make a key pair: a self-signed .p12 and a .csr',
    ),
    (asked) => Promise.resolve(makeKeys(asked)),
  )
    .requiredOption(
      '--name <text>',
      said('tên chủ khóa, thường là mã cơ quan', 'common name, usually the code'),
    )
    .option('--organization <text>', said('tên cơ quan', 'organisation'), '')
    .option('--use <sign|encrypt>', said('ký (P-256) hay giải mã (RSA 3072)', 'what for'), 'sign')
    .option('--out <prefix>', said('tệp tạo ra: <prefix>.p12, .csr', 'files to write'), 'lienthong')
    .option(
      '--days <n>',
      said('hạn của chứng thư tự ký', 'life of the self-signed certificate'),
      wholeNumber(1, 3650),
      90,
    )
    .option(
      '--passphrase-file <file>',
      said('tệp chứa mật khẩu', 'file with the passphrase (LIENTHONG_PASSPHRASE)'),
    )
}

function showCommand(io: Io): Command {
  return localCommand<ShowOptions>(
    io,
    'show <file>',
    said('xem chứng thư (.p12, PEM, DER) và số ngày còn lại', 'show a certificate and the days left'),
    (asked) => Promise.resolve(showKeys(asked)),
  ).option(
    '--passphrase-file <file>',
    said('tệp chứa mật khẩu', 'file with the passphrase (LIENTHONG_PASSPHRASE)'),
  )
}

const uses = {
  sign: () => generateKeyPairSync('ec', { namedCurve: 'prime256v1' }),
  encrypt: () => generateKeyPairSync('rsa', { modulusLength: 3072 }),
} as const

function makeKeys({ io, options }: Omit<Asked<MakeOptions>, 'profile'>): Said {
  const { name, organization, use, out, days } = options
  if (use !== 'sign' && use !== 'encrypt')
    throw usage('--use là sign hoặc encrypt.', '--use is sign or encrypt.')
  const files = { pkcs12: `${out}.p12`, request: `${out}.csr` }
  const taken = Object.values(files).find((file) => existsSync(file))
  if (taken !== undefined)
    throw usage(`Đã có tệp ${taken}; không ghi đè.`, `${taken} is there; it is not overwritten.`)
  const passphrase = passphraseOf(options, io)
  const subject = { name, organization: organization === '' ? name : organization }
  const { privateKey, publicKey } = uses[use]()
  const certificate = selfSign(privateKey, { ...subject, publicKey, now: io.now(), days, use })
  writeFileSync(files.pkcs12, writePkcs12(privateKey, [certificate], passphrase), { mode: 0o600 })
  writeFileSync(files.request, certificateRequest(privateKey, subject))
  const { fingerprint } = certificate
  const text = fields([
    ['khóa · key', `${files.pkcs12} (600)`],
    [
      'yêu cầu cấp chứng thư · request',
      `${files.request}: gửi cho tổ chức cấp chứng thư · send it to the authority`,
    ],
    ['vân tay · fingerprint', fingerprint],
  ])
  return { json: { files, fingerprint, subject: certificate.subject, validTo: certificate.validTo }, text }
}

function showKeys({ io, args: [file = ''], options }: Omit<Asked<ShowOptions>, 'profile'>): Said {
  const { certificate, chain, hasKey } = readAny(readFileSync(file), () => passphraseOf(options, io))
  const daysLeft = Math.floor((certificate.validTo - io.now()) / dayMs)
  const state =
    daysLeft < 0 ? 'HẾT HẠN · EXPIRED' : daysLeft < warnDays ? 'sắp hết hạn · ends soon' : 'còn hạn · valid'
  const json = {
    ...{ subject: certificate.subject, issuer: certificate.issuer, fingerprint: certificate.fingerprint },
    ...{ validFrom: certificate.validFrom, validTo: certificate.validTo, daysLeft, hasKey },
    chain: chain.map(({ subject }) => subject),
    issuedByChain: isIssuedBy(certificate, chain, io.now()),
  }
  const text = fields([
    ['chủ thể · subject', json.subject],
    ['cấp bởi · issuer', json.issuer],
    ['vân tay · fingerprint', json.fingerprint],
    [
      'đến · until',
      `${new Date(json.validTo).toISOString().slice(0, 10)}, ${daysLeft} ngày · days: ${state}`,
    ],
    ['khóa bí mật · private key', hasKey ? 'có, khớp chứng thư · yes, fits the certificate' : 'không · no'],
  ])
  return { json, text, code: daysLeft < 0 ? exitCodes.fault : exitCodes.ok }
}

function readAny(bytes: Buffer, passphrase: () => string) {
  const isPkcs12 = bytes[0] === 0x30 && !isCertificate(bytes)
  if (!isPkcs12) return { certificate: readCertificate(bytes), chain: [], hasKey: false }
  return { ...readPkcs12(bytes, passphrase()), hasKey: true }
}

function isCertificate(bytes: Buffer): boolean {
  try {
    readCertificate(bytes)
    return true
  } catch {
    return false
  }
}

function isIssuedBy(certificate: Certificate, chain: readonly Certificate[], now: number): boolean {
  try {
    checkCertificate(certificate, chain, now)
    return true
  } catch {
    return false
  }
}

function passphraseOf({ passphraseFile }: ShowOptions, { env }: Io): string {
  const passphrase =
    passphraseFile === undefined ? env['LIENTHONG_PASSPHRASE'] : readFileSync(passphraseFile, 'utf8').trim()
  if (passphrase !== undefined && passphrase !== '') return passphrase
  throw usage(
    'Cần mật khẩu của tệp .p12: --passphrase-file <tệp> hoặc LIENTHONG_PASSPHRASE.',
    'The .p12 needs a passphrase: --passphrase-file <file> or LIENTHONG_PASSPHRASE.',
  )
}
