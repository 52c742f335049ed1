import type { Readable } from 'node:stream'
import type { Store } from '../adapters/store/store.ts'
import type { OpenRemote, RemoteFile } from '../adapters/transport/remote-file.ts'
import type { Agency, Caller } from '../schemas/agency.ts'
import { auditEntry } from '../schemas/audit.ts'
import { GatewayError } from '../schemas/errors.ts'
import type { Message } from '../schemas/message.ts'
import { newId } from '../signing/new-id.ts'
import { speaksFor } from './authorise.ts'
import { idIn, isNamed, linkIn, messageOfLink, type LinkDeps } from './links.ts'
import { boundedFile } from './bounded-file.ts'

export interface LinkedFileDeps extends LinkDeps {
  readonly store: Pick<Store, 'readMessage' | 'recordAudit'>
  /** The way to the files of a body. */
  readonly reading: (owner: Agency) => OpenRemote
  readonly maxFileBytes: number
  readonly now: () => number
}

/** Which part is asked for: headers of the reader that the owner's server may know. */
export interface LinkedAsk {
  readonly headers: Readonly<Record<string, string>>
  /** Ends with the reader. */
  readonly signal: AbortSignal
}

/** A file as its owner's server gives it, or the word that it is unchanged (304). */
export interface LinkedFile {
  readonly status: number
  readonly headers: RemoteFile['headers']
  readonly body: Readable
}

/** Files that stay with their owner: read from its server for the parties of the message that links to them. */
export interface LinkedFiles {
  /** Throws `not_found` for anybody else, `forbidden`, `file_withheld`, `file_unreachable`, `range_not_satisfiable`, `too_large`. */
  open(caller: Caller, id: string, ask: LinkedAsk): Promise<LinkedFile>
}

/** Times that a link may have been passed on. */
const mostHops = 8

interface Found {
  readonly link: string
  readonly owner: Agency | undefined
}

type MaySee = (message: Message) => boolean

const partiesOf = ({ sender, recipients }: Message) => [sender, ...recipients]

export function createLinkedFiles(deps: LinkedFileDeps): LinkedFiles {
  const { store, directory, publicUrl } = deps

  /** A link that its sender had from another message is followed there, if the sender may see that one. */
  async function find(id: string, maySee: MaySee, hops = 0): Promise<Found> {
    const message = await store.readMessage(messageOfLink(id) ?? '')
    const link = message !== null && maySee(message) ? linkIn(message, id) : undefined
    if (message === null || link === undefined || hops > mostHops)
      throw new GatewayError('not_found', { field: 'id' })
    const { sender } = message
    const before = idIn(link, publicUrl)
    if (before === null) return { link, owner: directory().agency(sender) }
    const hasIt: MaySee = (each) => partiesOf(each).some((party) => directory().isWithin(party, sender))
    return find(before, hasIt, hops + 1)
  }

  return {
    async open(caller, id, { headers, signal }) {
      const maySee: MaySee = (each) => partiesOf(each).some((party) => speaksFor(caller, party, directory()))
      const { link, owner } = await find(id, maySee)
      if (owner === undefined || !isNamed(link, owner))
        throw new GatewayError('forbidden', {
          field: 'id',
          reason: 'its owner has not named the host of this file',
        })
      const opened = await deps.reading(owner)({ url: link, headers, signal })
      const file = boundedFile(opened, deps.maxFileBytes)
      const act = { act: 'file.read', object: id, body: owner.code }
      await store.recordAudit([auditEntry(caller, act, { id: newId(), at: deps.now() })])
      return file
    },
  }
}
