import type { BodyPart } from '../body-parts.ts'

/** What the official client sends as it is, with the types that it writes; everything else it packs (edXML §3.3). */
const bare: Readonly<Record<string, string>> = {
  pdf: 'application/pdf',
  doc: 'application/doc',
  docx: 'application/docx',
  zip: 'application/zip',
}

/** Archives by nature: their reader wants them as they are. */
const archives: ReadonlySet<string> = new Set(
  'zip docx xlsx pptx dotx xltx potx docm xlsm pptm odt ods odp odg epub jar apk'.split(' '),
)

export const endingOf = (name: string): string => /\.([^./\\]{1,16})$/.exec(name)?.[1]?.toLowerCase() ?? ''

export const isArchive = (name: string): boolean => archives.has(endingOf(name))

export interface Packed {
  readonly contentType: string
  readonly content: readonly BodyPart[]
}

/** How a file goes out. A peer unpacks whatever is labelled `application/zip`: the label is never put on what is none. */
export function pack(name: string, type: string, file: string): Packed {
  const ending = endingOf(name)
  const contentType = Object.hasOwn(bare, ending) ? bare[ending] : undefined
  if (ending === 'zip' && type !== 'application/zip')
    return { contentType: 'application/octet-stream', content: [{ file }] }
  if (contentType !== undefined) return { contentType, content: [{ file }] }
  const entry = ending === '' ? file : `${file}.${ending.replace(/[^a-z0-9]/g, '')}`
  return { contentType: 'application/zip', content: [{ zip: [{ file }], entry }] }
}
