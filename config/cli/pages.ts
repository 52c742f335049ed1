import { queryText } from '../../client/lists.ts'
import { ask, type Profile } from './profile.ts'

/** A row of a list as the gateway gives it; a table shows what it knows of it. */
export type Row = Readonly<Record<string, unknown>>

/** The cursor of the next page; null at the end. */
type Next = string | number | null

/** One page of an administration list. */
export async function page(
  profile: Profile,
  path: string,
  filter: object,
): Promise<{ readonly items: readonly Row[]; readonly next: Next }> {
  const answer = await ask(profile, { method: 'GET', path: `${path}${queryText(filter)}` })
  return answer as { readonly items: readonly Row[]; readonly next: Next } // the form of every administration list
}

/** The line under a table that does not end here. */
export function more(next: Next, option: string): string {
  return next === null ? '' : `\n\nCòn nữa · more: ${option} ${String(next)}`
}

/** One path segment, from what a person typed. */
export function segment(text: string | undefined): string {
  return encodeURIComponent(text ?? '')
}
