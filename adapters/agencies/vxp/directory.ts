import type { Agency } from '../../../schemas/agency.ts'
import { textOf } from '../../../schemas/fields.ts'
import type { Json, Payload } from '../../../schemas/message.ts'
import { isObject } from '../../../schemas/objects.ts'
import { isOrganCode } from '../edxml/organ.ts'
import type { Organisation, PartnerDirectory } from '../partner-directory.ts'
import type { Partner } from '../poll.ts'
import { fieldsOf, unavailable } from './answer.ts'
import { callAxis } from './axis.ts'
import { VxpOptions } from './options.ts'
import { askApi } from './rest/call.ts'

/** Some 120 000 organisations were seen (edxml §1.1); an answer is held. */
const most = { rows: 200_000, bytes: 64 * 1024 * 1024 } as const

/** A row of the list; undefined where its code is none. */
function organisationOf(row: Payload): Organisation | undefined {
  const [code = '', old = '', parent = '', name = ''] = ['code', 'oldCode', 'pid', 'name'].map((field) =>
    textOf(row[field]).trim(),
  )
  const other = old === '' ? textOf(row['code102']).trim() : old
  if (!isOrganCode(code)) return undefined
  const isPair = isOrganCode(other) && other.toUpperCase() !== code.toUpperCase()
  return { code, other: isPair ? other : '', name: name.slice(0, 500), parent: parent.slice(0, 100) }
}

async function read(partner: Partner): Promise<readonly Organisation[]> {
  const { wire, directoryBy } = VxpOptions.parse(partner.agency.options)
  const rest = { maxAnswerBytes: most.bytes }
  const { data } =
    wire === 'rest'
      ? await askApi(partner, { path: directoryBy, rest: { ...rest, method: 'GET' } })
      : fieldsOf(await callAxis(partner, { verb: directoryBy, args: {}, rest }))
  const rows = Array.isArray(data) ? (data as readonly Json[]).filter(isObject) : []
  const found = rows.map(organisationOf).filter((row) => row !== undefined)
  if (found.length === 0) throw unavailable('the directory is empty')
  if (found.length > most.rows) throw unavailable(`the directory has more than ${most.rows} rows`)
  return found
}

const isCode = (name: string, value: Json | undefined): value is string =>
  name === 'OrganId' && typeof value === 'string'

function codesOf(value: Json): readonly string[] {
  if (Array.isArray(value)) return (value as readonly Json[]).flatMap(codesOf)
  if (!isObject(value)) return []
  return Object.entries(value).flatMap(([name, each]) => (isCode(name, each) ? [each] : codesOf(each)))
}

function renamed(value: Json, names: ReadonlyMap<string, string>): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map((each) => renamed(each, names))
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [
      name,
      isCode(name, each) ? (names.get(each.toUpperCase()) ?? each) : renamed(each, names),
    ]),
  )
}

/** Codes that an administrator has mapped by hand. */
function mappedBy({ options }: Agency): ReadonlySet<string> {
  const { codes } = VxpOptions.parse(options)
  return new Set(Object.entries(codes).flatMap((pair) => pair.map((code) => code.toUpperCase())))
}

/** The organisations of an axis, which codes of both generations are found by (edxml §11.23). */
export const directory: PartnerDirectory = {
  everySeconds: ({ options }) =>
    options['url'] === undefined ? 0 : VxpOptions.parse(options).directorySeconds,
  read,
  codesIn(payload, agency) {
    const mapped = mappedBy(agency)
    return [...new Set(codesOf(payload))].filter((code) => !mapped.has(code.toUpperCase()))
  },
  renamed: (payload, names) => renamed(payload, names) as Payload, // an object stays one
}
