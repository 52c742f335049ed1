import { createHmac, timingSafeEqual } from 'node:crypto'
import { sha256 } from './digest.ts'

/** `sha256`: SHA-256 over the text, a bar and the secret; `hmac`: HMAC-SHA256 over the text, the secret is the key (dvcqg §9.1). */
export type MarkRule = 'sha256' | 'hmac'

const digests: Readonly<Record<MarkRule, (text: string, secret: string) => Buffer>> = {
  sha256: (text, secret) => sha256(`${text}|${secret}`),
  hmac: (text, secret) => createHmac('sha256', secret).update(text).digest(),
}

/** The mark of joined fields, in lower-case hex. */
export const markOf = (rule: MarkRule, text: string, secret: string): string =>
  digests[rule](text, secret).toString('hex')

/** Whether a mark was made with one of the secrets by one of the rules; in the same time whichever it is. */
export function isMarkedBy(
  given: string,
  text: string,
  { rules, secrets }: { readonly rules: readonly MarkRule[]; readonly secrets: readonly string[] },
): boolean {
  const bytes = /^[0-9a-f]{64}$/i.test(given) ? Buffer.from(given, 'hex') : Buffer.alloc(0)
  const made = rules.flatMap((rule) => secrets.map((secret) => digests[rule](text, secret)))
  const same = made.map((mark) => timingSafeEqual(mark, bytes.length === 0 ? Buffer.alloc(32) : bytes))
  return bytes.length > 0 && same.includes(true)
}
