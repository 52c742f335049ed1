import { z } from 'zod'
import type { Json, Payload } from './message.ts'
import { isList } from './objects.ts'

/** National fields that hold the place of a file (dvcqg §3, §8, §9; edXML attachments). */
export const linkFields: ReadonlySet<string> = new Set([
  'DuongDanTaiTepTin',
  'DuongDanTepTinKetQua',
  'DuongDanTepTin',
  'Url',
  'UrlBienLai',
  'UrlChungTu',
  'URLTepDangKy',
])

/** A value in which each link that stands in a link field is as `change` has it. */
export function withLinks<T extends Json>(value: T, change: (link: string) => string): T
export function withLinks(value: Json, change: (link: string) => string): Json {
  if (typeof value !== 'object' || value === null) return value
  if (isList(value)) return value.map((item) => withLinks(item, change))
  const entries = Object.entries(value).map(([name, member]) => {
    const isLink = linkFields.has(name) && typeof member === 'string'
    return [name, isLink ? change(member) : withLinks(member, change)]
  })
  return Object.fromEntries(entries) as Payload
}

/** The links of a payload, in the order in which they stand. */
export function linksOf(payload: Payload): readonly string[] {
  const found: string[] = []
  withLinks(payload, (link) => {
    found.push(link)
    return link
  })
  return found
}

/** The host of a link, with a port that is not the usual one; null for what is no plain web address. */
export function hostOf(link: string): string | null {
  if (!URL.canParse(link)) return null
  const { protocol, username, password, host } = new URL(link)
  return /^https?:$/.test(protocol) && username === '' && password === '' ? host : null
}

const isHost = (text: string): boolean => /^[a-z0-9.:[\]-]+$/.test(text) && hostOf(`http://${text}`) === text

/** Hosts of a body's files, `host` or `host:port`. */
export const FileHosts = z
  .array(z.string().max(255).refine(isHost, 'not a host or host:port, in small letters'))
  .max(64)
