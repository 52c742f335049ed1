import { bounds } from '../../../schemas/bounds.ts'
import { textOf } from '../../../schemas/fields.ts'
import { fileLink, fileLinks, readFileLink } from '../../../schemas/file-links.ts'
import type { Payload } from '../../../schemas/message.ts'
import { decodeBase64 } from '../base64.ts'
import type { BodyPart } from '../body-parts.ts'
import type { Incoming } from '../content.ts'
import { takeTexts } from '../json-texts.ts'

const field = 'Attachments.Base64'

/**
 * A JSON body whose texts named `Base64` are taken out as they come: each becomes a file, and its link stands in its place. What is
 * left is held to the size of a message. Throws `too_large`, or `invalid_field` for what is no base64.
 */
export const takeFiles = ({ bytes, keeping }: Incoming): Promise<Uint8Array> =>
  takeTexts(bytes, {
    ...{ name: 'base64', maxBytes: bounds.messageBytes },
    take: async (text) => fileLink(await keeping.keep(decodeBase64(text, field))),
  })

/** The papers of a national dossier, each changed. */
const eachPaper = (dossier: Payload, change: (paper: Payload) => Payload): Payload => {
  const papers = dossier['TaiLieuNop']
  return Array.isArray(papers)
    ? { ...dossier, TaiLieuNop: (papers as readonly Payload[]).map(change) }
    : dossier
}

/** A dossier whose papers have their links where national ones have them. */
export const withLinks = (dossier: Payload): Payload =>
  eachPaper(dossier, ({ Base64: file = '', ...paper }) => {
    if (readFileLink(textOf(file)) !== null) return { ...paper, DuongDanTaiTepTin: file }
    return textOf(file) === '' ? paper : { ...paper, Base64: file }
  })

/** A dossier whose papers have links to files here under `Base64`, for `withFiles`; what lies elsewhere keeps its place. */
export const withPlaces = (dossier: Payload): Payload =>
  eachPaper(dossier, ({ DuongDanTaiTepTin: place = '', ...paper }) => {
    if (readFileLink(textOf(place)) !== null) return { ...paper, Base64: place }
    return textOf(place) === '' ? paper : { ...paper, DuongDanTaiTepTin: place }
  })

const place = /"Base64":"\/v1\/files\/([0-9a-f-]{36})\?sha256=[0-9a-f]{64}"/

/** A body in parts: each link to a file of the message, under `Base64`, becomes the file in base64. Null where there is none. */
export function withFiles(json: string, payload: Payload): readonly BodyPart[] | null {
  const ids = new Set(fileLinks(payload).map(({ id }) => id)) // any other id is nobody's to send
  const parts: BodyPart[] = []
  let rest = json
  for (let found = place.exec(rest); found !== null; found = place.exec(rest)) {
    const [link, id = ''] = found
    const isOurs = ids.has(id)
    const end = found.index + link.length
    parts.push(isOurs ? `${rest.slice(0, found.index)}"Base64":"` : rest.slice(0, end))
    if (isOurs) parts.push({ base64: [{ file: id }] }, '"')
    rest = rest.slice(end)
  }
  return parts.some((part) => typeof part !== 'string') ? [...parts, rest] : null
}
