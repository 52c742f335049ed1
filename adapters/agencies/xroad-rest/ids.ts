import { z } from 'zod'

/** A segment of an identifier: what may stand in a path as it is, or percent-encoded (RFC 3986 §3.3). */
const segment = /^(?:[A-Za-z0-9\-._~!$&'()*+,;=:@]|%[0-9A-Fa-f]{2})+$/

/** The parts of an identifier, each decoded on its own; null where it is none, or has another number of parts. */
export function partsOf(text: string, least: number, most = least): readonly string[] | null {
  const parts = text.split('/')
  if (parts.length < least || parts.length > most || !parts.every((part) => segment.test(part))) return null
  try {
    const decoded = parts.map(decodeURIComponent)
    return decoded.some((part) => part.trim() === '' || /[\p{Cc}/\\]/u.test(part)) ? null : decoded
  } catch {
    return null
  }
}

/** Parts as an identifier. */
export const idOf = (parts: readonly string[]): string => parts.map(encodeURIComponent).join('/')

/** Whether two spellings name the same. */
export const isSame = (one: string, other: readonly string[]): boolean =>
  idOf(partsOf(one, 1, 16) ?? []) === idOf(other)

const Id = (least: number, most: number, what: string) =>
  z
    .string()
    .max(300)
    .refine((text) => partsOf(text, least, most) !== null, `is not ${what}`)

/** `instance/class/member[/subsystem]` and so on, as options name them. */
export const ClientId = Id(3, 4, 'instance/class/member[/subsystem]')
export const ProviderId = Id(4, 4, 'instance/class/member/subsystem')
export const ServiceId = Id(5, 5, 'instance/class/member/subsystem/service')
export const ServerId = Id(4, 4, 'instance/class/member/server')
export const Party = Id(1, 2, '[class/]code')
