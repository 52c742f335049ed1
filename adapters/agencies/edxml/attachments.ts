import { GatewayError } from '../../../schemas/errors.ts'
import type { Keeping, KeptFile } from '../content.ts'
import { firstEntry } from '../zip.ts'
import { contentIdOf } from './decode.ts'
import type { Attachment } from './document.ts'
import { endingOf, isArchive } from './packing.ts'
import { childOf, type Node } from './tree.ts'

/** What an attachment held, as it came. */
export interface Content {
  readonly file: KeptFile
  readonly isCorrupt: boolean
  /** Where in the original it stood; absent where its base64 had white space, and would not be written again as it came. */
  readonly place?: number
}

interface Wrapped {
  readonly node: Node
  /** Its row of the manifest. */
  readonly listed: Node | undefined
  readonly content: Content
}

const nameOf = (node: Node | undefined): string => (childOf(node, 'AttachmentName')?.text ?? '').trim()

/**
 * The file that was meant: unpacked where it came in a ZIP archive that its name does not speak of, whatever its declared type
 * (edXML §3.3, §11.9). An archive that cannot be unpacked stays as it is, and says so.
 */
export async function attachmentOf(
  { node, listed, content: { file, isCorrupt } }: Wrapped,
  keeping: Keeping,
): Promise<Attachment> {
  const name = nameOf(node) || nameOf(listed)
  const meant = file.mediaType === 'application/zip' ? await unpack(file, name, keeping) : { file }
  const fault = isCorrupt ? ({ fault: 'corrupt-pdf' } as const) : meant.fault
  return {
    ...{ contentId: contentIdOf(node), name },
    ...{ type: meant.file.mediaType, size: meant.file.size, sha256: meant.file.digest, file: meant.file.id },
    ...(fault === undefined ? {} : fault),
  }
}

interface Meant {
  readonly file: KeptFile
  readonly fault?: Pick<Attachment, 'fault'>
}

async function unpack(file: KeptFile, name: string, keeping: Keeping): Promise<Meant> {
  if (endingOf(name) === 'zip') return { file }
  try {
    const entry = await firstEntry(await keeping.read(file.id))
    // An archive by nature is wrapped only where its entry says so: its own first entry is a part of it.
    if (isArchive(name) && endingOf(entry.name) !== endingOf(name)) return { file }
    return { file: await keeping.keep(entry.content) }
  } catch (error) {
    if (error instanceof GatewayError && error.code === 'malformed_request')
      return { file, fault: { fault: 'bad-zip' } }
    throw error
  }
}
