import { generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto'
import { median } from './numbers.ts'
import type { Plan } from './options.ts'
import { perSecond } from './signing.ts'

const bytes = randomBytes(2_048)

const keys = {
  rsa2048: () => generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey,
  p256: () => generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey,
} as const
export type RawKey = keyof typeof keys

/** What one core can sign: taken in slices before, between and after all else, since the machine's pace changes. */
export interface RawMeter {
  /** Takes its slices; call it while nothing else runs. */
  take(): Promise<void>
  readonly perSecond: (key: RawKey) => number
  readonly slices: (key: RawKey) => readonly number[]
  /** Signed messages of 2 KB for each raw RSA-2048 signature: each slice against the one just before it. */
  readonly signPerRsaSign: () => readonly number[]
}

/** `sign` signs a message of 2 KB with RSA-2048. */
export function createRawMeter({ slices, ms }: Plan['raw'], sign: () => Promise<unknown>): RawMeter {
  const made = { rsa2048: keys.rsa2048(), p256: keys.p256() }
  const taken: Record<RawKey, number[]> = { rsa2048: [], p256: [] }
  const ratios: number[] = []
  return {
    async take() {
      for (let slice = 0; slice < slices; slice += 1) {
        const rsa = signaturesPerSecond(made.rsa2048, ms)
        ratios.push((await perSecond(sign, ms)) / rsa)
        taken.rsa2048.push(rsa)
        taken.p256.push(signaturesPerSecond(made.p256, ms))
      }
    },
    perSecond: (key) => median(taken[key]),
    slices: (key) => taken[key],
    signPerRsaSign: () => ratios,
  }
}

function signaturesPerSecond(key: KeyObject, ms: number): number {
  const began = performance.now()
  let count = 0
  let took = 0
  while (took < ms) {
    sign('sha256', bytes, key)
    count += 1
    took = performance.now() - began
  }
  return (count * 1_000) / took
}
