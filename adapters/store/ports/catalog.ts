import type { Json } from '../../../schemas/message.ts'

/** Changes of the public catalogues, in the order in which they took effect here. */
export interface CatalogStore {
  catalogChanges(
    catalog: string,
    since: number,
    limit: number,
  ): Promise<readonly { cursor: number; code: string; op: string; body: Json; at: number }[]>
}
