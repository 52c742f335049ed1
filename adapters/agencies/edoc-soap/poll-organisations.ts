import type { Payload } from '../../../schemas/message.ts'
import { canonicalJson, sha256 } from '../../../signing/digest.ts'
import { textOf } from '../../../schemas/fields.ts'
import type { Trusted } from '../content.ts'
import type { Partner, Waiting } from '../poll.ts'
import { unavailable, type Bus } from './bus.ts'
import { EdocOptions } from './options.ts'

const list = 'organisations'
const rounds = 'rounds'

/** What a row says: without what is empty. */
const said = (row: Payload): Payload =>
  Object.fromEntries(Object.entries(row).filter(([, value]) => textOf(value) !== ''))

const waitingOf = (code: string, row: Payload | null, version: string | null): Waiting => ({
  ...{ id: `organisation ${code}`, about: { type: 'ORGAN', code, row: JSON.stringify(row) } },
  settles: { list, name: code, version },
})

/**
 * What is new or changed in the directory of a bus, where the options ask for it and its time has come; what is there no more. Throws
 * `unavailable` where half of it is gone at once: a list that is cut off looks so.
 */
export async function organisationsOf(
  look: Bus['organisations'],
  partner: Partner,
): Promise<readonly Waiting[]> {
  const { organisations } = EdocOptions.parse(partner.agency.options)
  if (organisations === undefined) return []
  const last = Number((await partner.settled(rounds)).get(list) ?? 0)
  if (partner.now() - last < organisations.everySeconds * 1000) return []
  const rows = new Map((await look(partner)).map((row) => [textOf(row['OrganId']), said(row)]))
  rows.delete('')
  const settled = await partner.settled(list)
  if (rows.size * 2 < settled.size)
    throw unavailable(`${rows.size} organisations where there were ${settled.size}`)
  const present = [...rows].map(([code, row]) =>
    waitingOf(code, row, sha256(canonicalJson(row)).toString('base64url')),
  )
  const gone = [...settled.keys()].filter((code) => !rows.has(code))
  return [
    ...present.filter(({ settles }) => settled.get(settles?.name ?? '') !== settles?.version),
    ...gone.map((code) => waitingOf(code, null, null)),
    {
      ...{ id: 'organisations', about: { type: 'END' } },
      settles: { list: rounds, name: list, version: String(partner.now()) },
    },
  ]
}

/** The change of a shared catalogue that an organisation becomes; nothing where the catalogue says so already. */
export async function organisationChange({ about }: Waiting, partner: Partner): Promise<readonly Trusted[]> {
  const { organisations } = EdocOptions.parse(partner.agency.options)
  if (organisations === undefined) return []
  const { catalog } = organisations
  const { code = '', row: text = 'null' } = about
  const row = JSON.parse(text) as Payload | null // as it was listed
  const known = await partner.catalogRow(catalog, code)
  if (row === null && known === undefined) return []
  if (row !== null && canonicalJson(known?.['NoiDung'] ?? null) === canonicalJson(row)) return []
  const change =
    row === null ? { ThaoTac: 'bai-bo' } : { ThaoTac: known === undefined ? 'them' : 'sua', NoiDung: row }
  return [
    {
      ...{ kind: 'trusted', original: Buffer.from(text), naturalKey: ['catalog', catalog, code] },
      header: { sender: partner.agency.code, recipients: [], action: 'catalog.changed' },
      payload: { DanhMuc: catalog, Ma: code, ...change },
    },
  ]
}
