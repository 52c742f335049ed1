import { createTransport, type SMTPTransportOptions } from 'nodemailer'
import { rootCertificates } from 'node:tls'
import type { Transport, TransportAnswer, TransportFailure } from '../agencies/dialect.ts'
import { isPrivateLine } from '../agencies/line.ts'
import { createConnector, type Connecting } from './connect.ts'
import { failureOf } from './failure.ts'

type Call = Parameters<Transport['post']>[0]

/** What nodemailer says of a mail that did not go. */
interface Refused extends Error {
  readonly code?: string
  /** Of the socket or of TLS. */
  readonly originalCode?: string
  /** The command that was answered, such as `RCPT TO`. */
  readonly command?: string
  readonly responseCode?: number
  readonly response?: string
}

/** Whether an address is that of a server of mail. */
export const isMail = (url: string): boolean => /^smtps?:/.test(url)

const ports: Readonly<Record<string, number>> = { 'smtps:': 465, 'smtp:': 587 }

/** Headers of the call that are the mail's own; `authorization` is the sender's at the server. */
const named = new Set(['authorization', 'from', 'to', 'bcc', 'subject', 'message-id'])

/**
 * The way out to a server of mail (RFC 5321, 8314): the headers of a call are those of the mail, its body the text, `to` and `bcc`
 * addresses with commas between. `smtps:` begins with TLS, `smtp:` asks for STARTTLS, but for the same machine. The answer has the
 * HTTP status that means the same, and the server's own reply in the header `smtp-reply`.
 */
export function createSmtpTransport(rules: Omit<Connecting, 'networks'>) {
  return {
    to(networks: readonly string[]): Transport {
      const connect = createConnector({ ...rules, networks })
      const getSocket = socketBy(connect)
      return { post: (call) => mail(call, { ...optionsOf(call, rules.authorities), getSocket }) }
    },
  }
}

async function mail(call: Call, options: SMTPTransportOptions): Promise<TransportAnswer | TransportFailure> {
  try {
    const signal = AbortSignal.timeout(call.timeoutMs)
    const sent = await createTransport(options).sendMail({ ...letterOf(call), signal })
    const { accepted, rejected, rejectedErrors = [], response } = sent
    if (rejected.length === 0) return answerOf(200, response)
    const many = `${rejected.length} of ${accepted.length + rejected.length} addresses refused: `
    return answerOf(422, (rejectedErrors[0] as Refused | undefined)?.response ?? '', many)
  } catch (error) {
    return refusalOf(error as Refused) // nodemailer throws nothing else
  }
}

/** Connects to a server of mail and greets it, without a login and without a mail; null where it answers. */
export async function greet(
  url: string,
  rules: Connecting,
  timeoutMs: number,
): Promise<TransportFailure | null> {
  const bounds = { connectionTimeout: timeoutMs, greetingTimeout: timeoutMs, socketTimeout: timeoutMs }
  const options = optionsOf({ url, headers: {}, maxAnswerBytes: 4_096 }, rules.authorities)
  try {
    await createTransport({ ...options, ...bounds, getSocket: socketBy(createConnector(rules)) }).verify()
    return null
  } catch (error) {
    return failureBelow(error as Refused)
  }
}

/** Unencrypted only to the same machine. */
function optionsOf(
  { url, headers, maxAnswerBytes }: Pick<Call, 'url' | 'headers' | 'maxAnswerBytes'>,
  authorities: readonly string[],
) {
  const { protocol, hostname, port } = new URL(url)
  const host = hostname.replace(/^\[|\]$/g, '')
  const isHere = isPrivateLine(url)
  return {
    ...{ host, port: Number(port) || (ports[protocol] ?? 587), maxResponseSize: maxAnswerBytes },
    ...(protocol === 'smtps:' ? { secure: true } : { requireTLS: !isHere, ignoreTLS: isHere }),
    ...(authorities.length === 0 ? {} : { tls: { ca: [...rootCertificates, ...authorities] } }),
    ...authOf(headers),
  }
}

/** The connection is made here, so that the rule of addresses holds for mail too. */
function socketBy(
  connect: ReturnType<typeof createConnector>,
): NonNullable<SMTPTransportOptions['getSocket']> {
  return ({ host = '', port = '' }, done) => {
    connect({ hostname: host, port: String(port), protocol: 'http:' }, (...[error, socket]) => {
      if (error === null) done(null, { connection: socket })
      else done(error)
    })
  }
}

/** Nothing of a call is read as a place to fetch content from. */
function letterOf({ headers, body }: Call) {
  const { from = '', to = '', bcc = '', subject = '', 'message-id': messageId = '' } = headers
  return {
    ...{ from, to: listIn(to), bcc: listIn(bcc), subject, messageId },
    ...{ headers: Object.fromEntries(Object.entries(headers).filter(([name]) => !named.has(name))) },
    text: Buffer.from(body).toString('utf8'),
    ...{ disableFileAccess: true, disableUrlAccess: true, xMailer: false as const },
  }
}

const listIn = (text: string): string[] =>
  text
    .split(',')
    .map((address) => address.trim())
    .filter((address) => address !== '')

function authOf({ authorization }: Call['headers']) {
  if (authorization === undefined) return {}
  const [user = '', ...pass] = Buffer.from(authorization.replace(/^Basic /, ''), 'base64')
    .toString('utf8')
    .split(':')
  return { auth: { user, pass: pass.join(':') } }
}

/** A reply names addresses, which are nobody's business but the sender's. */
const nameless = (reply: string): string => reply.replace(/[^\s<>:;,]+@[^\s<>:;,]+/g, '…').slice(0, 500)

function answerOf(status: number, reply: string, before = ''): TransportAnswer {
  const headers = { 'smtp-reply': reply.slice(0, 3) }
  return { status, headers, body: Buffer.from(before + nameless(reply)) }
}

/** By the first digits of a reply to a command: what it means in HTTP. */
const meanings: readonly { readonly reply: RegExp; readonly command: RegExp; readonly status: number }[] = [
  { reply: /^4/, command: /./, status: 503 },
  { reply: /^5(30|34|35|38)/, command: /./, status: 401 },
  { reply: /^5/, command: /^(RCPT TO|DATA)/, status: 422 },
  { reply: /^5/, command: /./, status: 403 },
]

/** Without a reply: nothing was sent before the command DATA, and TLS that fails is a matter of configuration. */
function refusalOf(error: Refused): TransportAnswer | TransportFailure {
  const { code = '', command = '', responseCode, response = '' } = error
  const row = meanings.find(
    (each) => each.reply.test(String(responseCode ?? '')) && each.command.test(command || 'DATA'),
  )
  if (row !== undefined) return answerOf(row.status, response)
  const failed = failureBelow(error)
  if (code === 'ETLS') return { ...failed, failure: 'configuration' }
  return /^(EHLO|HELO|STARTTLS|AUTH|MAIL|RCPT)/.test(command) ? { ...failed, failure: 'unsent' } : failed
}

/** By the code of the socket or of TLS, which is lost beneath that of the protocol. */
function failureBelow(error: Refused): TransportFailure {
  return failureOf(Object.assign(error, { code: error.originalCode ?? error.code }))
}
