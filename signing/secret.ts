import { randomBytes, timingSafeEqual } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { sha256 } from './digest.ts'

const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const bodyLength = 43
const sumLength = 6

/** Begins every secret that the gateway draws, so that scanners of source code and logs know one when they see it. */
const secretPrefix = 'lt_'
const form = new RegExp(`^${secretPrefix}[0-9A-Za-z]{${bodyLength + sumLength}}$`)

function base62(value: bigint, length: number): string {
  let text = ''
  for (let rest = value; rest > 0n; rest /= 62n) text = (digits[Number(rest % 62n)] ?? '') + text
  return text.padStart(length, '0')
}

const sumOf = (body: string): string => base62(BigInt(crc32(body)), sumLength)

/** Draws a secret of 256 bits: `lt_`, 43 letters and digits, and a CRC-32 of these in 6 more. */
export function drawSecret(): string {
  const body = base62(BigInt(`0x${randomBytes(32).toString('hex')}`), bodyLength)
  return `${secretPrefix}${body}${sumOf(body)}`
}

/** Whether a text may be a secret: one that begins as ours do must have our form and sum. Others were drawn elsewhere. */
export function mayBeSecret(text: string): boolean {
  if (!text.startsWith(secretPrefix)) return true
  return form.test(text) && text.slice(-sumLength) === sumOf(text.slice(secretPrefix.length, -sumLength))
}

/** What is stored of a secret. It is random, so one SHA-256 is enough: there is nothing to guess. */
export const secretHash = (secret: string): Buffer => sha256(secret)

/** Whether one of two hashes is this one, in the same time whichever it is. */
export function isOneOf(hash: Buffer, [first, second]: readonly Uint8Array[]): boolean {
  const nothing = Buffer.alloc(hash.length)
  const isFirst = timingSafeEqual(hash, first ?? nothing)
  const isSecond = timingSafeEqual(hash, second ?? nothing)
  return (isFirst && first !== undefined) || (isSecond && second !== undefined)
}
