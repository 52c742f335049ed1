import type { MessageView, Store } from '../adapters/store/store.ts'
import type { Caller } from '../schemas/agency.ts'
import { GatewayError } from '../schemas/errors.ts'
import type { Json } from '../schemas/message.ts'
import { seesAll, speaksFor } from './authorise.ts'
import type { Directory } from './directory.ts'

export interface CatalogPage {
  readonly changes: readonly {
    readonly cursor: number
    readonly code: string
    readonly op: string
    readonly body: Json
    readonly at: number
  }[]
  /** What to ask with next; the same as before where nothing is new. */
  readonly next: number
}

export interface Queries {
  /** A message as its sender, one of its recipients, or the operator may see it. Others learn nothing, not even that it exists. */
  message(caller: Caller, id: string): Promise<MessageView>
  /** Changes of a public catalogue after a cursor, in the order in which they took effect here. */
  catalog(catalog: string, since: number, limit: number): Promise<CatalogPage>
}

/** Reads that answer a caller; what it may see follows from the directory. */
export function createQueries({
  store,
  directory,
}: {
  readonly store: Pick<Store, 'findMessage' | 'catalogChanges'>
  readonly directory: () => Directory
}): Queries {
  return {
    async message(caller, id) {
      const view = await store.findMessage(id)
      if (view === null || !maySee(caller, view, directory()))
        throw new GatewayError('not_found', { field: 'id' })
      return view
    },
    async catalog(catalog, since, limit) {
      const changes = await store.catalogChanges(catalog, since, limit)
      return { changes, next: changes.at(-1)?.cursor ?? since }
    },
  }
}

function maySee(caller: Caller, { message, deliveries }: MessageView, directory: Directory): boolean {
  if (seesAll(caller)) return true
  const parties = [message.sender, ...deliveries.map(({ recipient }) => recipient)]
  return parties.some((party) => speaksFor(caller, party, directory))
}
