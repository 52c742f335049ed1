import { connect } from 'amqplib'
import type { ChannelModel, RecoveringChannelModel, SocketOptions } from 'amqplib'
import type { BrokerState } from './broker.ts'
import { reasonOf } from './log.ts'
import type { BrokerLog } from './log.ts'
import { within } from './pause.ts'

const heartbeatSeconds = '10'
const handshakeMs = 10_000
const goodbyeMs = 2_000
const reconnect = { initialDelay: 100, maxDelay: 5_000, factor: 2, jitter: 0.5 }

/** A connection that comes back by itself. */
export interface Link {
  state(): BrokerState
  /** The open connection, as soon as there is one; undefined once the link is closed. */
  model(): Promise<ChannelModel | undefined>
  /** The open connection, if there is one now. */
  current(): ChannelModel | undefined
  /** Says that a connection proved dead although nothing told us. */
  bury(model: ChannelModel, error: Error): void
  /** Calls back when the broker stops reading what we publish (a memory or disk alarm). */
  onBlocked(listener: () => void): void
  /** Resolves at the first failure to connect. */
  readonly failed: Promise<void>
  /** Given when the link is being closed. */
  readonly closed: AbortSignal
  /** Says goodbye, at most 2 seconds, then cuts the socket. */
  close(): Promise<void>
}

interface LinkOptions {
  readonly url: string
  /** Shown in the broker's list of connections. */
  readonly name: string
  readonly log: BrokerLog
}

/** Opens a link on amqplib's own recovery. Resolves before the first connection; throws at an address that is none. */
export async function openLink({ url, name, log }: LinkOptions): Promise<Link> {
  const cut = new AbortController()
  const waiting: ((model: ChannelModel | undefined) => void)[] = []
  const blockedListeners: (() => void)[] = []
  let current: ChannelModel | undefined
  let blocked = false
  const closing = new AbortController()
  let silent = false

  const wake = () => {
    for (const resolve of waiting.splice(0)) resolve(current)
  }
  // One line when it is lost, not one for each try to get it back.
  const mourn = (error: unknown) => {
    if (!silent && !closing.signal.aborted)
      log.warn('broker.down', { connection: name, reason: reasonOf(error) })
    silent = true
  }
  // Runs before amqplib's own listeners are on, and waits for nothing: a setup that fails on a dead line would stop the recovery.
  const adopt = (model: ChannelModel) => {
    current = model
    blocked = false
    silent = false
    let fault: unknown
    model.on('error', (error) => (fault = error)) // told at the close; unheard, it would end the process
    model.on('close', (error) => {
      if (current !== model) return
      current = undefined
      mourn(fault ?? error)
    })
    model.on('blocked', (reason) => {
      blocked = true
      log.warn('broker.blocked', { connection: name, reason })
      for (const listener of blockedListeners) listener()
    })
    model.on('unblocked', () => {
      blocked = false
      log.info('broker.unblocked', { connection: name })
    })
    log.info('broker.up', { connection: name })
    wake()
    return Promise.resolve()
  }

  const recovering = await connect(addressOf(url), {
    ...socketOptions(name, cut.signal),
    recovery: { ...reconnect, waitForConnect: false, setup: adopt },
  })
  recovering.on('error', () => undefined) // as above: it repeats what the connection said
  recovering.on('connect-failed', mourn)
  recovering.on('reconnect-scheduled', () => letGo(cut.signal))

  return {
    state: () => (current === undefined ? 'down' : blocked ? 'blocked' : 'up'),
    current: () => current,
    model: () =>
      current !== undefined || closing.signal.aborted
        ? Promise.resolve(current)
        : new Promise((resolve) => waiting.push(resolve)),
    bury: (model, error) => {
      // Later, since amqplib puts its own listener on only after the setup.
      setImmediate(() => {
        if (current === model) model.emit('close', error)
      })
    },
    onBlocked: (listener) => void blockedListeners.push(listener),
    failed: firstFailure(recovering),
    closed: closing.signal,
    close: async () => {
      closing.abort()
      current = undefined
      wake()
      // amqplib's own promise stays open for ever when the line dies during the goodbye.
      await within(
        goodbyeMs,
        recovering.close().catch(() => undefined),
      )
      cut.abort()
    },
  }
}

function firstFailure(recovering: RecoveringChannelModel): Promise<void> {
  return new Promise((resolve) => recovering.once('connect-failed', () => resolve()))
}

/** `signal` goes through to the socket: the only way to cut a handshake that hangs. noDelay: a ticket without it waits 45 ms (Nagle). */
function socketOptions(name: string, signal: AbortSignal): SocketOptions {
  const options = {
    noDelay: true,
    keepAlive: true,
    timeout: handshakeMs,
    clientProperties: { connection_name: name },
    signal,
  }
  return options
}

/**
 * Node never takes a socket's listener off the signal it was given, so every lost connection and failed try would stay in memory
 * while the broker is away. Called when no socket is wanted: its listeners run once, on what is dead already, and are gone.
 */
function letGo(signal: AbortSignal): void {
  signal.dispatchEvent(new Event('abort'))
}

/** Adds the heartbeat unless the address names one. The message holds no part of the address, which carries a password. */
function addressOf(url: string): string {
  if (!URL.canParse(url) || !/^amqps?:/.test(url))
    throw new Error('the address of the broker must begin with amqp: or amqps:')
  const address = new URL(url)
  if (!address.searchParams.has('heartbeat')) address.searchParams.set('heartbeat', heartbeatSeconds)
  return address.href
}
