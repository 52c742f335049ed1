import { z } from 'zod'
import { actions, type ActionName } from '../../../schemas/actions.ts'
import { GatewayError } from '../../../schemas/errors.ts'
import { listRowsOf, textOf } from '../../../schemas/fields.ts'
import type { Payload } from '../../../schemas/message.ts'
import { canonical } from '../canonical.ts'
import type { Trusted } from '../dialect.ts'
import type { Asked } from './asked.ts'
import { checkType, readState, readSupplement, stateServices, supplementService } from './promotions.ts'

/** A service by which a client pushes rows: each thing that they are about becomes a message of its own. */
export interface Push {
  readonly action: (asked: Asked) => ActionName
  /** Fields that name the thing of a row. */
  readonly names: readonly string[]
  /** Rows of one thing share a message; else each row is one. */
  readonly groups: boolean
  /** First word of the natural key. */
  readonly kind: string
  /** A row of the service under the national names, where it has others. */
  readonly national?: (row: Payload) => Payload
}

const asIs = (row: Payload): Payload => row
const fixed = (action: ActionName) => () => action

/**
 * True, False, 1, 0 as text or bare; missing = a create. Throws `invalid_field`.
 */
function isUpdating(asked: Asked): boolean {
  const text = asked.text('isUpdating').toLowerCase()
  if (['true', '1'].includes(text)) return true
  if (['', 'false', '0'].includes(text)) return false
  throw new GatewayError('invalid_field', { field: 'isUpdating', reason: 'not True or False' })
}

const answers = { names: ['HOIDAPID', 'MADONVI'], groups: true } as const
const petition = (action: ActionName): Push => ({
  ...{ action: fixed(action), names: ['MaPAKN'], groups: false, kind: action },
})

const progress: Push = {
  action: fixed('status.updated'),
  ...{ names: ['MaHoSo', 'ThoiDiemXuLy', 'TrangThai', 'NguoiXuLy', 'NoiDungXuLy'], groups: false },
  kind: 'progress',
}

/** Services that take rows, by name (dvcqg §3, §4, §7, §10; §8.2 for the petitions, whose names are proposals). */
export const pushes: Readonly<Record<string, Push>> = {
  DongBoHoSoMC: {
    action: (asked) => (isUpdating(asked) ? 'dossier.updated' : 'dossier.submitted'),
    ...{ names: ['MaHoSo'], groups: true, kind: 'dossier' },
  },
  CapNhatTienDoHoSoMC: progress,
  [stateServices.facade]: { ...progress, national: readState },
  [stateServices.adapter]: {
    ...{ ...progress, national: readState },
    action(asked) {
      checkType(asked)
      return 'status.updated'
    },
  },
  [supplementService]: {
    action: fixed('dossier.supplemented'),
    ...{ names: ['MaHoSo'], groups: true, kind: 'supplement', national: readSupplement },
  },
  DongBoHoiDap: { action: fixed('question.asked'), ...answers, kind: 'question' },
  DongBoKetQuaHoiDapGuiTuDVCQG: { action: fixed('question.answered'), ...answers, kind: 'answer' },
  DongBoDanhGia: { action: fixed('question.rated'), ...answers, kind: 'rating' },
  DongBoPAKN: petition('pakn.received'),
  CapNhatTrangThaiPAKN: petition('pakn.progress'),
  DongBoKetQuaPAKN: petition('pakn.answered'),
  ChuyenPAKN: petition('pakn.forwarded'),
  YeuCauBoSungPAKN: petition('pakn.supplement-asked'),
}

interface Pushed {
  readonly sender: string
  /** Where the request names them. */
  readonly recipients?: readonly string[]
  readonly original: Uint8Array
}

/** The messages that rows become, in the order in which their things first stand. */
export function contentsOf(
  push: Push,
  asked: Asked,
  { sender, recipients = [], original }: Pushed,
): readonly Trusted[] {
  const action = push.action(asked)
  const { schema } = actions[action]
  const things = new Map<string, readonly Payload[]>()
  const { national = asIs } = push
  for (const [at, row] of rowsIn(schema, asked.rows().map(national)).entries()) {
    const words = push.names.map((name) => textOf(row[name]).trim())
    const thing = JSON.stringify(push.groups ? words : [...words, at])
    things.set(thing, [...(things.get(thing) ?? []), row])
  }
  return [...things.values()].map((rows) => ({
    kind: 'trusted',
    header: { sender, recipients, action },
    naturalKey: [push.kind, ...push.names.map((name) => textOf(rows[0]?.[name]).trim())],
    mustBeNew: action === 'dossier.submitted',
    payload: isBatch(schema) ? { data: rows } : (rows[0] ?? {}),
    original,
  }))
}

/** What names the thing of a message to people: a MaHoSo, a HOIDAPID. */
export const nameOf = ({ naturalKey = [] }: Trusted): string => naturalKey[1] ?? ''

function isBatch(schema: z.ZodType): boolean {
  return schema instanceof z.ZodObject && 'data' in schema.shape
}

function rowsIn(schema: z.ZodType, rows: readonly Payload[]): readonly Payload[] {
  return rows.map((each) => canonicalRow(schema, each))
}

/** A row of a national batch, or a whole payload, in the form that all dialects share. Throws `malformed_request`. */
export function canonicalRow(schema: z.ZodType, row: Payload): Payload {
  const ofBatch =
    schema instanceof z.ZodObject && isBatch(schema)
      ? listRowsOf(schema.shape['data'] as z.ZodType)?.row
      : schema
  return canonical(ofBatch ?? schema, row) as Payload // an object stays one
}
