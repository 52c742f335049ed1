import { GatewayError } from '../../../schemas/errors.ts'
import { code, record, textOf } from '../../../schemas/fields.ts'
import type { Json, Payload } from '../../../schemas/message.ts'
import { objectIn } from '../../../schemas/objects.ts'
import { canonical } from '../canonical.ts'
import type { Parcel } from '../dialect.ts'
import type { Found, Wanted } from '../door.ts'
import { readFields } from '../answer-json.ts'
import { writtenIn } from '../encoded.ts'
import type { Outgoing } from './outgoing.ts'

/** The name under which each call carries the other side's id of a dossier, as clients of 2026 write it (dvcqg §12.5, §12.6). */
const names: Readonly<Record<Exclude<Outgoing['path'], 'create'>, string>> = {
  progress: 'IDHoSo',
  state: 'IdHoSo',
}

const thingOf = (maHoSo: string): readonly string[] => ['IdHoSo', maHoSo]

const isHandle = (name: string): boolean => name.toLowerCase() === 'idhoso'

/** Without the handle of another side: it means nothing here, nor there. */
const withoutHandle = (row: Payload): Payload =>
  Object.fromEntries(Object.entries(row).filter(([name]) => !isHandle(name)))

/** What a row says in `IdHoSo`, in any case of the name; empty where it does not. */
const handleOf = (row: Payload): string =>
  textOf(Object.entries(row).find(([name]) => isHandle(name))?.[1]).trim()

/** Remembers what the answer to a create calls the dossier, where it says so. */
export async function keepHandle(answer: Uint8Array, { encoded, notes }: Parcel): Promise<void> {
  const { data } = readFields(answer)
  const [first = data] = Array.isArray(data) ? (data as readonly Json[]) : []
  const handle = handleOf(objectIn(first)).slice(0, 200)
  const maHoSo = maHoSoOf(readFields(encoded.body))
  if (handle !== '' && maHoSo !== '') await notes?.keep(thingOf(maHoSo), handle)
}

const maHoSoOf = (row: Payload = {}): string => textOf(row['MaHoSo']).trim()

/** A call whose rows, all of one dossier, name it as the other side does. One that was not created through here goes by MaHoSo alone. */
export async function withHandles(parcel: Parcel, path: keyof typeof names): Promise<Parcel> {
  const rows = writtenIn(parcel.encoded) as readonly Payload[] // as `encode` has written them
  const handle = (await parcel.notes?.find(thingOf(maHoSoOf(rows[0])))) ?? null
  if (handle === null) return parcel
  const told = rows.map((row) => ({ [names[path]]: handle, ...withoutHandle(row) }))
  return { ...parcel, encoded: { ...parcel.encoded, body: Buffer.from(JSON.stringify(told)) } }
}

const named = record({ MaHoSo: code })

/** Dossiers that one request may name by `IdHoSo` alone: each is looked up. */
const mostUnnamed = 50

/** The creates, of the caller's own, that rows without MaHoSo name by our answer to them. Throws `too_large`. */
export function unnamedIn(rows: readonly Payload[]): readonly Wanted[] {
  const unnamed = rows.filter((row) => maHoSoOf(canonical(named, row) as Payload) === '')
  const handles = new Set(unnamed.map(handleOf).filter((handle) => handle !== ''))
  if (handles.size > mostUnnamed)
    throw new GatewayError('too_large', {
      field: 'IdHoSo',
      reason: `more than ${mostUnnamed} without MaHoSo`,
    })
  const actions = ['dossier.submitted', 'dossier.updated']
  return [...handles].map((messageId) => ({ of: 'sent', actions, messageId }))
}

/** Rows by their MaHoSo, without `IdHoSo`; of a row that has both MaHoSo counts. Throws `not_found` for an `IdHoSo` that was not given to the caller. */
export function byMaHoSo(rows: readonly Payload[], found: readonly Found[]): readonly Payload[] {
  const known = new Map(
    found.flatMap((each) =>
      each.of === 'sent' ? each.messages.map(({ id, payload }) => [id, dossierIn(payload)] as const) : [],
    ),
  )
  return rows.map((given) => {
    const row = canonical(named, given) as Payload // an object stays one
    const handle = handleOf(row)
    const own = withoutHandle(row)
    if (maHoSoOf(row) !== '' || handle === '') return own
    const maHoSo = known.get(handle.toLowerCase()) ?? ''
    if (maHoSo === '') throw new GatewayError('not_found', { field: 'IdHoSo' })
    return { ...own, MaHoSo: maHoSo }
  })
}

const dossierIn = (payload: Payload): string => maHoSoOf((payload['data'] as readonly Payload[])[0]) // as it was accepted
