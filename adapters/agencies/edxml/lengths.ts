import { textOf } from '../../../schemas/fields.ts'
import type { Json, Payload } from '../../../schemas/message.ts'
import type { EdxmlOptions } from './options.ts'

/** Lengths of Decree 30/2020, Annex VI: beyond them the columns of peers cut, or fail (edXML §3.1). */
const lengths: readonly (readonly [path: readonly string[], most: number])[] = [
  [['From', 'OrganName'], 200],
  [['Code', 'CodeNumber'], 11],
  [['Code', 'CodeNotation'], 30],
  [['DocumentType', 'TypeName'], 100],
  [['Subject'], 500],
  [['SignerInfo', 'Position'], 100],
  [['SignerInfo', 'FullName'], 50],
  [['OtherInfo', 'Priority'], 1],
  [['OtherInfo', 'PromulgationAmount'], 3],
  [['OtherInfo', 'PageAmount'], 3],
]

const at = (payload: Payload, path: readonly string[]): Json =>
  path.reduce<Json>((value, name) => (value as Payload | undefined)?.[name] ?? '', payload) // '' has no fields

/** Why a letter may not go out as it is: a field that is too long, or one recipient named twice. */
export function faultOf(letter: Payload, { anyLength }: EdxmlOptions): string | null {
  const tooLong = lengths.find(([path, most]) => textOf(at(letter, path)).length > most)
  if (tooLong !== undefined && !anyLength)
    return `${tooLong[0].join('.')} is longer than the ${tooLong[1]} characters of edXML`
  const codes = ((letter['To'] ?? []) as readonly Payload[]).map(({ OrganId }) => textOf(OrganId)) // judged at intake
  const twice = codes.find((code, index) => code !== '' && codes.indexOf(code) < index)
  return twice === undefined ? null : `To names ${twice} twice`
}
