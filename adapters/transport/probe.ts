import { TLSSocket } from 'node:tls'
import type { Socket } from 'node:net'
import { Agent, request } from 'undici'
import { createConnector, usual, type Connecting } from './connect.ts'
import { greet, isMail } from './smtp.ts'

/** What a look at an address found. Times in ms. */
export interface Probe {
  /** Status that the address answered to HEAD; null where it did not answer. */
  readonly status: number | null
  /** End of validity of the certificate that was shown; null without TLS, or where it did not come to that. */
  readonly certificateValidTo: number | null
  /** Code of what went wrong, in small letters; null where nothing did. */
  readonly code: string | null
  readonly reason: string | null
}

/** Looks at an address as a delivery would, without sending one. */
export type ProbeAddress = (url: string, networks: readonly string[]) => Promise<Probe>

const timeoutMs = 10_000

/** Connects by the same rules as the transport does (allowed addresses, authorities), reads the certificate, asks HEAD, follows nothing; a server of mail is greeted. */
export function createProbe({ authorities }: Pick<Connecting, 'authorities'>): ProbeAddress {
  return (url, networks) => {
    const rules = { ...usual, authorities, networks }
    return isMail(url) ? probeMail(url, rules) : probeHttp(url, createConnector(rules))
  }
}

async function probeMail(url: string, rules: Connecting): Promise<Probe> {
  const failed = await greet(url, rules, timeoutMs)
  return {
    status: null,
    certificateValidTo: null,
    code: failed?.code ?? null,
    reason: failed?.reason ?? null,
  }
}

async function probeHttp(url: string, connect: ReturnType<typeof createConnector>): Promise<Probe> {
  let certificateValidTo: number | null = null
  const dispatcher = new Agent({
    connect: (options, done) => {
      connect(options, (...answer) => {
        if (answer[1] !== null) certificateValidTo = validToOf(answer[1])
        done(...answer)
      })
    },
  })
  try {
    const signal = AbortSignal.timeout(timeoutMs)
    const answer = await request(url, { method: 'HEAD', signal, dispatcher })
    await answer.body.dump()
    return { status: answer.statusCode, certificateValidTo, code: null, reason: null }
  } catch (error) {
    return { status: null, certificateValidTo, ...faultOf(error) }
  } finally {
    await dispatcher.destroy()
  }
}

function validToOf(socket: Socket): number | null {
  if (!(socket instanceof TLSSocket)) return null
  const validTo = Date.parse(socket.getPeerCertificate().valid_to)
  return Number.isNaN(validTo) ? null : validTo
}

function faultOf(error: unknown): Pick<Probe, 'code' | 'reason'> {
  const { code, name, message } = Object(error) as { code?: unknown; name?: string; message?: string }
  const known = typeof code === 'string' ? code : name === 'TimeoutError' ? 'TIMEOUT' : 'UNKNOWN'
  return { code: known.toLowerCase(), reason: (message ?? '').slice(0, 300) }
}
