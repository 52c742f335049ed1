import { GatewayError } from '../../../schemas/errors.ts'
import type { BodyPart, Covering, DraftPart } from '../body-parts.ts'
import { qcvn } from './elements.ts'

/** What stands in an envelope of edXML: blocks of its header in order, and its body, empty where it has none. */
export interface Sheet {
  readonly header: readonly string[]
  readonly body: string
}

interface NamedFile {
  readonly contentId: string
  /** As it is sent, before its base64. */
  readonly content: readonly BodyPart[]
}

interface Signing {
  readonly files: readonly NamedFile[]
  readonly messageId: string
}

export const endOfHeader = '</edXML:edXMLHeader>'

/** The signature is the third of the header (edXML §6.1). */
const blocksBefore = 2

/** Blocks with a signature of profile `peer` among them (edXML §6.2), which names every block by its `Id` and every file by its ContentId. */
export function signedSheet({ header, body }: Sheet, { files, messageId }: Signing): readonly DraftPart[] {
  const blocks = [...header, body].filter((block) => block !== '').map((block) => withId(block, messageId))
  const signed = blocks.map(({ xml }) => xml)
  const [before, after] = [signed.slice(0, blocksBefore), signed.slice(blocksBefore, header.length)]
  const covered = files.map(({ contentId, content }) => ({ uri: `cid:${contentId}`, content }))
  return [
    before.join(''),
    { sign: { blocks, files: covered } },
    `${after.join('')}${endOfHeader}${signed.slice(header.length).join('')}`,
  ]
}

const start = /^<edXML:(\w+)/

/** Its `Id` is the message's, and so no other element's; with the namespace that it uses, it has the same canonical form alone as in the document. */
function withId(block: string, messageId: string): Covering['blocks'][number] {
  const name = start.exec(block)?.[1]
  if (name === undefined) throw new GatewayError('internal', { cause: 'no block of edXML' })
  const id = `${name}-${messageId}`
  return { id, xml: block.replace(start, `$& xmlns:edXML="${qcvn}" Id="${id}"`) }
}

/** Why files cannot be signed. */
export function twiceNamed(files: readonly NamedFile[]): string | null {
  const ids = files.map(({ contentId }) => contentId)
  const twice = ids.find((id, at) => ids.indexOf(id) < at)
  return twice === undefined ? null : `two files have the ContentId ${twice}: they cannot be signed`
}
