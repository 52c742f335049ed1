import { lookup, type LookupAddress } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import { rootCertificates } from 'node:tls'
import { promisify } from 'node:util'
import { buildConnector } from 'undici'
import { createAddressRule } from './addresses.ts'

/** Finds the addresses of a host name. */
export type Resolve = (name: string) => Promise<readonly LookupAddress[]>

const lookUp = promisify(lookup)

/** As the machine itself resolves, its hosts file included. */
const resolveBySystem: Resolve = (name) => lookUp(name, { all: true })

export interface Connecting {
  /** CIDRs that may be called though they are no public addresses. */
  readonly networks: readonly string[]
  readonly resolve: Resolve
  readonly dnsTimeoutMs: number
  readonly connectTimeoutMs: number
  /** Authorities (PEM) that servers' certificates may come from, beside the public ones. */
  readonly authorities: readonly string[]
}

/** What holds unless something else is given. */
export const usual: Omit<Connecting, 'networks'> = {
  resolve: resolveBySystem,
  dnsTimeoutMs: 3_000,
  connectTimeoutMs: 5_000,
  authorities: [],
}

/**
 * Connects only to addresses that may be called. What is checked is the address that the connection then uses, so that a name which
 * first leads outside and then inside (DNS rebinding) gains nothing.
 */
export function createConnector(rules: Connecting): buildConnector.connector {
  const isAllowed = createAddressRule(rules.networks)
  const connect = buildConnector({
    timeout: rules.connectTimeoutMs,
    ...(rules.authorities.length === 0 ? {} : { ca: [...rootCertificates, ...rules.authorities] }),
    lookup: createLookup(rules, isAllowed),
  })
  return (options, done) => {
    const host = options.hostname.replace(/^\[|\]$/g, '')
    // A host that is an address is not looked up.
    if (isIP(host) !== 0 && !isAllowed(host)) done(refused(), null)
    else connect(options, done)
  }
}

function createLookup(
  { resolve, dnsTimeoutMs }: Connecting,
  isAllowed: (address: string) => boolean,
): LookupFunction {
  const find = async (name: string): Promise<LookupAddress[]> => {
    const found = await within(dnsTimeoutMs, resolve(name))
    if (found.length === 0 || !found.every(({ address }) => isAllowed(address))) throw refused()
    return [...found]
  }
  return (name, { all }, done) => {
    find(name).then(
      (found) => {
        const [first] = found
        if (all === true) done(null, found)
        else done(null, first?.address ?? '', first?.family)
      },
      (error: unknown) => done(error as Error, ''), // the resolver rejects with nothing else
    )
  }
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(failure('EAI_AGAIN', 'the host name was not resolved in time')), ms)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

/** Names no address: the sender of a message reads the reason. */
function refused(): Error {
  return failure(
    'ADDRESS_REFUSED',
    'the address is private or reserved, and the registry does not allow it for this body',
  )
}

function failure(code: string, text: string): Error {
  return Object.assign(new Error(text), { code })
}
