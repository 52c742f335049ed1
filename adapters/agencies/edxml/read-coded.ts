import { bounds } from '../../../schemas/bounds.ts'
import { decodeBase64 } from '../base64.ts'
import type { Keeping } from '../content.ts'
import { takeTexts } from '../json-texts.ts'
import type { EdxmlDocument } from './document.ts'
import type { EdxmlOptions } from './options.ts'
import { readEdxml } from './read-message.ts'

/** An answer that holds a message. */
export interface Coded {
  /** Null where it holds none. */
  readonly document: EdxmlDocument | null
  /** The answer without it. */
  readonly rest: Uint8Array
}

/** Reads an answer in JSON, whose `data` is the base64 of a message, as it comes (edXML §8.1, §8.4). Throws as `readEdxml` does. */
export async function readCoded(
  bytes: AsyncIterable<Uint8Array>,
  options: EdxmlOptions,
  keeping: Keeping,
): Promise<Coded> {
  const documents: EdxmlDocument[] = []
  const rest = await takeTexts(bytes, {
    ...{ name: 'data', maxBytes: bounds.messageBytes },
    async take(text) {
      documents.push(await readEdxml(decodeBase64(text, 'data'), options, keeping))
      return ''
    },
  })
  const [document = null] = documents
  return { document, rest }
}
