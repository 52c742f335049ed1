import { GatewayError } from '../../../schemas/errors.ts'
import { textOf } from '../../../schemas/fields.ts'
import type { Json, Payload } from '../../../schemas/message.ts'
import type { Asked } from './asked.ts'
import { inverse, joined, renamed, type Names } from './renamed.ts'

/** Services of dossiers about promotions: a supplement on its way to the agency, a state on its way back (dvcqg §10). */
export const supplementService = 'AddBSTBKM'
export const stateServices = { adapter: 'DongBoTrangThaiHoSo', facade: 'DongBoTrangThaiHoSoKM' } as const
/** What marks a state as that of a promotion, in the call and in the step that it becomes. */
const type = { name: 'type', promotion: '2' } as const

const supplementNames: Names = { MaHoSoQG: 'MaHoSo' }
const stateNames: Names = { NoiDung: 'NoiDungXuLy', NgayXuLy: 'ThoiDiemXuLy' }

/** A refusal is the state 3, and 11 there. */
const refused = { here: '3', there: '11' } as const

/** A row under other names, in any case of those that it has. Throws `malformed_request` where two become one and differ. */
function read(row: Payload, names: Names): Payload {
  const folded = new Map(Object.entries(names).map(([theirs, ours]) => [theirs.toLowerCase(), ours]))
  return joined(Object.entries(row).map(([name, value]) => [folded.get(name.toLowerCase()) ?? name, value]))
}

const isOf = (value: Json | undefined, text: string): boolean => textOf(value).trim() === text

/** A supplement as a national row: fields that this service alone has travel as they are. */
export const readSupplement = (row: Payload): Payload => read(row, supplementNames)

/** A state as a national step. */
export function readState(row: Payload): Payload {
  const step: Payload = {
    ...read(row, { ...stateNames, TrangThai: 'TrangThai' }),
    [type.name]: type.promotion,
  }
  return isOf(step['TrangThai'], refused.there) ? { ...step, TrangThai: refused.here } : step
}

/** Throws `invalid_field` for a state of anything else: nothing is known of other types. */
export function checkType(asked: Asked): void {
  if (asked.text(type.name) !== type.promotion)
    throw new GatewayError('invalid_field', { field: type.name, reason: `not ${type.promotion}` })
}

const marks = ['ThongTinDaNop', 'ThongTinSuaDoi'] as const

/** Whether a supplement is one of a promotion: it says what is changed. */
export const isSupplement = (row: Payload): boolean => marks.some((name) => row[name] !== undefined)

/** Whether every step is a state of a promotion. */
export const areStates = (rows: readonly Payload[]): boolean =>
  rows.length > 0 && rows.every((row) => isOf(row[type.name], type.promotion))

/** The call that hands a supplement to an agency. Whether it knows the dossier nobody says. */
export const supplementCall = (row: Payload): Payload => ({
  ...{ service: supplementService, isUpdating: 'False', data: renamed(row, inverse(supplementNames)) },
})

/** A step of a promotion as a state there. */
export function writeState(step: Payload): Payload {
  const fields = Object.entries(renamed(step, inverse(stateNames))).filter(([name]) => name !== type.name)
  const row = Object.fromEntries(fields)
  return isOf(row['TrangThai'], refused.here) ? { ...row, TrangThai: refused.there } : row
}

/** What the adapter's service says beside its rows. */
export const stateType = { [type.name]: type.promotion } as const
