import type { Broker } from '../adapters/broker/broker.ts'
import type { Store } from '../adapters/store/store.ts'
import type { SigningKey } from '../signing/keys.ts'
import { signReceipt } from '../signing/receipt.ts'

const believedMs = 5_000

export interface Health {
  readonly ready: boolean
  readonly checks: Readonly<Record<'store' | 'signing' | 'broker', 'ok' | 'degraded' | 'failed'>>
}

/** Ready = signs and writes, asked at most every 5 s. A broker that is down degrades: the gateway is store-and-forward. */
export function createHealth(deps: {
  readonly store: Pick<Store, 'ping'>
  readonly broker: Pick<Broker, 'state'>
  readonly key: SigningKey
  readonly now: () => number
}): () => Promise<Health> {
  let last: { readonly at: number; readonly answer: Promise<Health> } | null = null
  return () => {
    const now = deps.now()
    if (last === null || now - last.at >= believedMs) last = { at: now, answer: check() }
    return last.answer
  }

  async function check(): Promise<Health> {
    const [store, signing] = await Promise.all([
      works(() => deps.store.ping()),
      works(() => signReceipt(probe, deps.key)),
    ])
    const broker = deps.broker.state() === 'up' ? 'ok' : 'degraded'
    return { ready: store === 'ok' && signing === 'ok', checks: { store, signing, broker } }
  }
}

const probe = {
  id: '',
  kind: 'refusal',
  issuer: '',
  messageId: '',
  sender: '',
  senderRef: '',
  action: '',
  contentDigest: '',
  originalDigest: '',
  at: 0,
} as const

async function works(act: () => Promise<unknown>): Promise<'ok' | 'failed'> {
  try {
    await act()
    return 'ok'
  } catch {
    return 'failed'
  }
}
