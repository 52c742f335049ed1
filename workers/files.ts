import type { Readable } from 'node:stream'
import type { Keeping } from '../adapters/agencies/content.ts'
import type { Blobs, Range } from '../adapters/blobs/blobs.ts'
import type { createSniffer } from '../adapters/blobs/sniff.ts'
import type { SharedFile, StoredFile } from '../adapters/store/ports/files.ts'
import type { Store } from '../adapters/store/store.ts'
import type { Caller } from '../schemas/agency.ts'
import { auditEntry } from '../schemas/audit.ts'
import { GatewayError } from '../schemas/errors.ts'
import { fileLinks, type FileLink } from '../schemas/file-links.ts'
import type { Message } from '../schemas/message.ts'
import { newId } from '../signing/new-id.ts'
import { speaksFor } from './authorise.ts'
import type { Directory } from './directory.ts'

export interface FilesDeps {
  readonly store: Pick<Store, 'insertFile' | 'findFile' | 'findFileAt' | 'recordAudit'>
  readonly blobs: Pick<Blobs, 'write' | 'read'>
  readonly sniff: typeof createSniffer
  readonly directory: () => Directory
  readonly maxFileBytes: number
  readonly now: () => number
}

export interface OpenFile {
  readonly file: StoredFile
  /** Starts the stream, whole or in part, and notes who reads. Called once. */
  readonly read: (range?: Range) => Promise<Readable>
}

/** What the caller says of a file before it comes: SHA-256 in hex, bytes; null and 0 where it says nothing. */
export interface Announced {
  readonly digest: string | null
  readonly size: number
}

export interface Files {
  /** Takes a file in as it comes. Throws `too_large`, or `invalid_field` where it is not what was announced. */
  upload(caller: Caller, source: AsyncIterable<Uint8Array>, announced: Announced): Promise<StoredFile>
  /** Opens a file for its owner, the parties of the messages that refer to it, and the bodies above them; others learn nothing. */
  open(caller: Caller, id: string): Promise<OpenFile>
  /** Bytes of a request that carries files in base64, with all that is around them. */
  readonly maxRequestBytes: number
  /** Where what a body's request carries goes as it comes; nobody's goes nowhere. The same content is the same file, so that a repeat is known for one. */
  readonly keepingOf: (caller: Caller | null) => Keeping
  /** The bytes of a file, for its message's way on. Throws `not_found`. */
  readonly read: (id: string) => Promise<Readable>
  /** Ids of the files that a message refers to. Throws `invalid_field` for one that its sender may not pass on. */
  readonly referred: (message: Pick<Message, 'sender' | 'payload'>) => Promise<readonly string[]>
}

/** Content that travels beside messages: uploaded once, referred to by link and SHA-256, read by those concerned. */
export function createFiles(deps: FilesDeps): Files {
  const { store, blobs, directory, now } = deps
  return {
    upload: (caller, source, announced) => upload(deps, { caller, source, announced }),
    async open(caller, id) {
      const file = await store.findFile(id)
      const maySee = file?.parties.some((party) => speaksFor(caller, party, directory())) ?? false
      if (file === null || !maySee) throw new GatewayError('not_found', { field: 'id' })
      const read = async (range?: Range) => {
        const act = { act: 'file.read', object: id, body: file.owner }
        await store.recordAudit([auditEntry(caller, act, { id: newId(), at: now() })])
        return blobs.read(file.address, range)
      }
      return { file, read }
    },
    maxRequestBytes: requestBytes(deps),
    keepingOf: (caller) => keepingOf(deps, caller),
    async read(id) {
      const file = await store.findFile(id)
      if (file === null) throw new GatewayError('not_found', { field: 'file', reason: id })
      return deps.blobs.read(file.address)
    },
    async referred({ sender, payload }) {
      const ids = new Set<string>()
      for (const link of fileLinks(payload)) {
        const file = await store.findFile(link.id)
        if (file === null || !mayPassOn(sender, link, file, directory()))
          throw new GatewayError('invalid_field', { field: link.field, reason: 'no such file of the sender' })
        ids.add(link.id)
      }
      return [...ids]
    },
  }
}

interface Upload {
  readonly caller: Caller
  readonly source: AsyncIterable<Uint8Array>
  readonly announced: Announced
}

async function upload(deps: FilesDeps, { caller, source, announced }: Upload): Promise<StoredFile> {
  const { store, maxFileBytes } = deps
  if (announced.size > maxFileBytes)
    throw new GatewayError('too_large', { reason: `more than ${maxFileBytes} bytes` })
  const file = await write(deps, caller, source)
  if (announced.digest !== null && announced.digest !== file.digest)
    throw new GatewayError('invalid_field', { field: 'Content-Digest', reason: 'differs from what came' })
  await store.insertFile(file)
  return file
}

/** Takes content to the blob store. */
async function write(
  { blobs, sniff, maxFileBytes, now }: FilesDeps,
  { agency: owner }: Caller,
  source: AsyncIterable<Uint8Array>,
): Promise<StoredFile> {
  if (owner === null) throw new GatewayError('forbidden', { reason: 'only a body uploads files' })
  const sniffer = sniff(source)
  const blob = await blobs.write(sniffer.bytes, maxFileBytes)
  return { ...blob, id: newId(), owner, mediaType: await sniffer.mediaType(), at: now() }
}

/** Base64 adds a third. */
const requestBytes = ({ maxFileBytes }: FilesDeps): number => Math.ceil(maxFileBytes * 1.5)

function keepingOf(deps: FilesDeps, caller: Caller | null): Keeping {
  const kept = new Map<string, StoredFile>()
  return {
    maxBytes: requestBytes(deps),
    async keep(bytes) {
      if (caller === null) throw new GatewayError('unauthenticated', { reason: 'this asks for a login' })
      const written = await write(deps, caller, bytes)
      const known = await deps.store.findFileAt(written.owner, written.address)
      if (known === null) await deps.store.insertFile(written)
      const file = known ?? written
      kept.set(file.id, file)
      return file
    },
    async read(id) {
      const file = kept.get(id)
      if (file === undefined) throw new GatewayError('not_found', { field: 'file', reason: id })
      return deps.blobs.read(file.address)
    },
    signers: {
      ownerOf: (fingerprint) => deps.directory().ownerOf(fingerprint),
      maySignFor: (signer, sender) =>
        signer === caller?.agency || deps.directory().isWithin(sender.toUpperCase(), signer),
      now: deps.now,
    },
  }
}

/** What a body has uploaded, or was sent, it may send on; and what the body above it has uploaded for it. */
function mayPassOn(sender: string, { digest }: FileLink, file: SharedFile, directory: Directory): boolean {
  const isTheirs = file.parties.some((party) => directory.isWithin(party, sender))
  return file.digest === digest && (isTheirs || directory.isWithin(sender, file.owner))
}
