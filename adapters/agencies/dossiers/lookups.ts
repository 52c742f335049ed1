import { writeDate } from '../../../schemas/dates.ts'
import { textOf } from '../../../schemas/fields.ts'
import type { Payload } from '../../../schemas/message.ts'
import type { Found, KnownMessage, Refusal, Wanted } from '../door.ts'
import type { Asked } from './asked.ts'
import { courtFeesOf } from './court-fees.ts'
import { procedureOf, upperCased } from './procedures.ts'

/** A service by which a client asks for rows. */
export interface Lookup {
  readonly wanted: (asked: Asked) => Wanted
  readonly rows: (found: Found, asked: Asked) => readonly Payload[]
}

type CatalogRow = Extract<Found, { of: 'catalog' }>['rows'][number]

const rowsOf = (found: Found): readonly CatalogRow[] => (found.of === 'catalog' ? found.rows : [])

/** The row itself, under upper-case names, with its code under the name that the service has for it. */
function entryOf({ code, body }: CatalogRow, codeName: string): Payload {
  const row = upperCased(body['NoiDung'] ?? {}) as Payload // an object stays one
  return textOf(row[codeName]) === '' ? { ...row, [codeName]: code } : row
}

const list = (catalog: string, codeName: string, names: readonly string[] = []): Lookup => ({
  wanted: () => ({ of: 'catalog', catalog }),
  rows: (found) =>
    rowsOf(found).map((each) => {
      const entry = entryOf(each, codeName)
      return names.length === 0 ? entry : Object.fromEntries(names.map((name) => [name, entry[name] ?? '']))
    }),
})

/** `2.002621.H56` and `1.002835.000.00.00.H56` are the procedures without the suffix of the agency (dvcqg §16.3). */
export const procedureCode = (text: string): string => /^\d+\.\d+(?=\.)/.exec(text)?.[0] ?? text

const dossierActions = ['dossier.submitted', 'dossier.updated']

/** The dossier as last pushed, with the state of a later step. */
function dossierOf(found: Found, maHoSo: string): readonly Payload[] {
  if (found.of !== 'subject') return []
  const rowIn = (message: KnownMessage | undefined): Payload | undefined =>
    (message?.payload['data'] as readonly Payload[] | undefined)
      ?.filter((row) => textOf(row['MaHoSo']).trim() === maHoSo)
      .at(-1)
  const dossier = found.messages.find(({ action }) => dossierActions.includes(action))
  const step = found.messages.find(({ action }) => action === 'status.updated')
  const row = rowIn(dossier)
  const state = textOf(rowIn(step)?.['TrangThai'])
  if (row === undefined) return state === '' ? [] : [{ MaHoSo: maHoSo, TrangThaiHoSo: state }]
  const isLater = state !== '' && (step?.receivedAt ?? 0) >= (dossier?.receivedAt ?? 0)
  const refusals = (isLater ? [dossier, step] : [dossier]).flatMap((message) => message?.refusals ?? [])
  return [
    {
      ...row,
      ...(isLater ? { TrangThaiHoSo: state } : {}),
      ...(refusals.length === 0 ? {} : { DanhSachTuChoi: refusals.map(refusalRow) }),
    },
  ]
}

/** In a field of our own, which no client reads by itself; a corrected push, being the last, has none. */
const refusalRow = ({ recipient, code, reason, at }: Refusal): Payload => ({
  ...{ DonViTuChoi: recipient, MaLoi: code, LyDo: reason, NgayTuChoi: writeDate(at) },
})

/** Name of the service that looks up the notice of a court fee. */
export const courtFees = 'TraCuuAnPhi'

/** Services that look up, by name (dvcqg §5, §6). The catalogues beyond the numbered ones go by their own names. */
const lookups: Readonly<Record<string, Lookup>> = {
  TraCuuHoSo: {
    wanted: (asked) => ({
      of: 'subject',
      subjectKey: asked.text('mahoso'),
      actions: [...dossierActions, 'status.updated'],
    }),
    rows: (found, asked) => dossierOf(found, asked.text('mahoso')),
  },
  LayThuTuc: {
    wanted: (asked) => ({ of: 'catalog', catalog: '1', code: procedureCode(asked.text('maTTHC')) }),
    rows: (found) => rowsOf(found).flatMap((each) => procedureOf(entryOf(each, 'MATTHC'))),
  },
  /** A proposal: only the fields of it are known (dvcqg §9.4). */
  [courtFees]: {
    wanted: (asked) => ({ of: 'payment', reference: asked.text('MA_THONGBAO'), partner: '' }),
    rows: (found, asked) => courtFeesOf(found, asked.text('MA_THONGBAO')),
  },
  LayDanhSachTTHC: list('1', 'MATTHC', ['MATTHC', 'TENTTHC']),
}

const catalogService = /^LayDanhMuc([A-Za-z]{1,32})$/

/** Catalogues with a number, by the name of their service. */
const numbered: Readonly<Record<string, string>> = { LayDanhMucCoQuan: '3', LayDanhMucLinhVuc: '5' }

type Catalogs = Readonly<Record<string, string>>
const own = (table: Catalogs, name: string): string | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined

/** The catalogue that a service `LayDanhMuc…` is about, and the field that has the code of its rows; undefined for any other. */
export function catalogOf(
  service: string,
  catalogs: Catalogs,
): { readonly catalog: string; readonly codeName: string } | undefined {
  const named = catalogService.exec(service)?.[1]
  const catalog = own(catalogs, service) ?? own(numbered, service) ?? named
  return catalog === undefined ? undefined : { catalog, codeName: codeNameOf(named ?? '') }
}

/** The service of a name, or undefined. Every `LayDanhMuc…` reads the catalogue of its name, unless an option gives another. */
export function lookupOf(service: string, catalogs: Catalogs): Lookup | undefined {
  if (own(catalogs, service) === undefined && Object.hasOwn(lookups, service)) return lookups[service]
  const found = catalogOf(service, catalogs)
  return found === undefined ? undefined : list(found.catalog, found.codeName)
}

const codeNameOf = (named: string): string => (named === 'CoQuan' ? 'MADONVI' : `MA${named.toUpperCase()}`)
