import type { Content } from '../adapters/agencies/content.ts'
import type { Dialect } from '../adapters/agencies/dialect.ts'
import type { Organisation } from '../adapters/agencies/partner-directory.ts'
import type { Store } from '../adapters/store/store.ts'
import type { Agency, Caller } from '../schemas/agency.ts'
import type { Message } from '../schemas/message.ts'
import type { Directory } from './directory.ts'
import { assertInSight } from './sight.ts'

interface Speaking {
  readonly agency: Agency
  readonly dialect: Pick<Dialect, 'directory'>
}

type Names = ReadonlyMap<string, string>
type Finding = Pick<Store, 'findOrganisations'>

/** The dialect's directory, where the agency's is copied. */
export function copiedDirectory({ agency, dialect: { directory } }: Speaking) {
  return directory !== undefined && directory.everySeconds(agency) > 0 ? directory : undefined
}

const folded = (code: string): string => code.toUpperCase()

/** A message with its organisations named as the recipient's own directory names them, where that is copied; else as it is. */
export async function inPartnersCodes(message: Message, to: Speaking, store: Finding): Promise<Message> {
  const directory = copiedDirectory(to)
  if (directory === undefined) return message
  const rows = await store.findOrganisations(to.agency.code, directory.codesIn(message.payload, to.agency))
  const names = partnersNames(rows)
  return names.size === 0 ? message : { ...message, payload: directory.renamed(message.payload, names) }
}

/** What the partner has as a code of its own stays. */
function partnersNames(rows: readonly Organisation[]): Names {
  const own = new Set(rows.map(({ code }) => folded(code)))
  const others = rows.filter(({ other }) => other !== '' && !own.has(folded(other)))
  return new Map(others.map(({ code, other }) => [folded(other), code]))
}

export interface NamingDeps {
  readonly store: Finding
  readonly directory: () => Directory
}

/** What a partner gave, with the organisations that our directory knows by their other code named as it does. */
export async function inOurCodes(
  contents: readonly Content[],
  from: Speaking,
  deps: NamingDeps,
): Promise<readonly Content[]> {
  const directory = copiedDirectory(from)
  if (directory === undefined) return contents
  return Promise.all(
    contents.map(async (content) => {
      if (content.kind !== 'trusted') return content
      const { header, payload } = content
      const codes = [...header.recipients, ...directory.codesIn(payload, from.agency)]
      const names = ourNames(codes, await deps.store.findOrganisations(from.agency.code, codes), deps)
      const recipients = header.recipients.map((code) => names.get(folded(code)) ?? code)
      return { ...content, header: { ...header, recipients }, payload: directory.renamed(payload, names) }
    }),
  )
}

function ourNames(codes: readonly string[], rows: readonly Organisation[], { directory }: NamingDeps): Names {
  const isOurs = (code: string) => code !== '' && directory().agency(code) !== undefined
  const pairs = rows.map(({ code, other }) => [folded(code), folded(other)] as const)
  return new Map(
    codes
      .map(folded)
      .filter((code) => !isOurs(code))
      .flatMap((code) => {
        const pair = pairs.find((each) => each.includes(code))
        const ours = pair?.find(isOurs)
        return ours === undefined ? [] : [[code, ours] as const]
      }),
  )
}

/** What is known of an organisation at a partner, with how old (ms) the copy is that says so; `readAt` null = there is none. */
export interface OrganisationsFound {
  readonly readAt: number | null
  readonly ageMs: number | null
  readonly count: number
  readonly items: readonly Organisation[]
}

/** Throws `not_found` for a partner out of the caller's sight. */
export type LookUpOrganisation = (caller: Caller, agency: string, code: string) => Promise<OrganisationsFound>

/** Looks organisations up in the copies of partners' directories, for people. */
export function createLookUpOrganisation({
  store,
  directory,
  now,
}: {
  readonly store: Pick<Store, 'organisationCopy' | 'findOrganisations'>
  readonly directory: () => Directory
  readonly now: () => number
}): LookUpOrganisation {
  return async (caller, agency, code) => {
    assertInSight(caller, agency, directory())
    const copy = await store.organisationCopy(agency)
    const items = await store.findOrganisations(agency, [code])
    const readAt = copy?.readAt ?? null
    return { readAt, ageMs: readAt === null ? null : now() - readAt, count: copy?.count ?? 0, items }
  }
}
