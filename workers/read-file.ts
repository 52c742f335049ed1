import type { FileDeed, FileDone } from '../adapters/agencies/file-deed.ts'
import type { Caller } from '../schemas/agency.ts'
import { GatewayError } from '../schemas/errors.ts'
import { readRange } from '../schemas/ranges.ts'
import type { Files } from './files.ts'
import type { LinkedFile, LinkedFiles } from './linked-files.ts'
import { messageOfLink } from './links.ts'

export interface ReadFileDeps {
  readonly files: Pick<Files, 'open'>
  readonly linkedFiles: LinkedFiles
  /** Where recipients reach this gateway, without a slash at its end; null: links name no host. */
  readonly publicUrl: string | null
}

/**
 * Opens a file for one of the parties of its message, by the link that a message had; the read is audited. A link that leads anywhere
 * else is never followed. Throws `not_found`, `too_large`, `range_not_satisfiable`, `forbidden`, `file_withheld`, `file_unreachable`.
 */
export type ReadFile = (caller: Caller, asked: FileDeed) => Promise<FileDone>

const form = /^\/v1\/files\/([^/?#]{1,100})(?:\?sha256=([0-9a-f]{64}))?$/

export function createReadFile({ files, linkedFiles, publicUrl }: ReadFileDeps): ReadFile {
  return async (caller, { link, range, mostBytes }) => {
    const path = publicUrl !== null && link.startsWith(publicUrl) ? link.slice(publicUrl.length) : link
    const [, id = '', sha256] = form.exec(path) ?? []
    if (id === '')
      throw new GatewayError('not_found', { field: 'link', reason: 'not a link of this gateway' })
    if (messageOfLink(id) !== null) {
      const headers = range === undefined ? {} : { range }
      const { signal } = new AbortController() // who stops reading ends the stream
      return linkedDone(await linkedFiles.open(caller, id, { headers, signal }), mostBytes)
    }
    const { file, read } = await files.open(caller, id)
    if (sha256 !== undefined && sha256 !== file.digest) throw new GatewayError('not_found', { field: 'link' })
    const part = readRange(range, file.size)
    const size = part === undefined ? file.size : part.to - part.from + 1
    checkSize(size, mostBytes)
    return {
      ...{ kind: 'file', size, bytes: await read(part) },
      part: part === undefined ? null : `bytes ${part.from}-${part.to}/${file.size}`,
    }
  }
}

/** Of an owner that does not say how much will come no more is taken. */
function linkedDone({ status, headers, body }: LinkedFile, most: number): FileDone {
  const length = headers['content-length'] ?? ''
  const size = /^\d{1,15}$/.test(length) ? Number(length) : null
  if (size !== null && size > most) body.on('error', () => undefined).destroy() // nobody reads on
  checkSize(size ?? 0, most)
  const part = status === 206 ? (headers['content-range'] ?? null) : null
  return { kind: 'file', size, part, bytes: counted(body, most) }
}

function checkSize(size: number, most: number): void {
  if (size > most) throw new GatewayError('too_large', { field: 'link', reason: `more than ${most} bytes` })
}

async function* counted(bytes: AsyncIterable<Uint8Array>, most: number): AsyncGenerator<Uint8Array> {
  let size = 0
  for await (const piece of bytes) {
    size += piece.byteLength
    checkSize(size, most)
    yield piece
  }
}
