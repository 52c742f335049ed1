/** A page; `next` is what to ask with for the one after it, null at the end. */
export interface Page<T> {
  readonly items: readonly T[]
  readonly next: string | null
}

/** The page that at most `max` rows make, in the order of their ids. */
export function pageOf<T>(items: readonly T[], max: number, idOf: (item: T) => string): Page<T> {
  const last = items.at(-1)
  return { items, next: items.length < max || last === undefined ? null : idOf(last) }
}
