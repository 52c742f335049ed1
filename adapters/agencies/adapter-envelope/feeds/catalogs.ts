import { textOf } from '../../../../schemas/fields.ts'
import type { Payload } from '../../../../schemas/message.ts'
import { canonicalJson, sha256 } from '../../../../signing/digest.ts'
import type { Trusted } from '../../dialect.ts'
import { catalogOf, procedureCode } from '../../dossiers/lookups.ts'
import { upperCased } from '../../dossiers/procedures.ts'
import type { EnvelopeOptions } from '../options.ts'
import type { PortalPoll } from '../poll-options.ts'
import { byName, changesIn, messageOf, own, unavailable, versionOf, type Feed, type Reading } from './feed.ts'

const dayMs = 86_400_000

/** A list of the portal that is a shared catalogue here. */
interface Listed {
  readonly service: string
  readonly catalog: string
  readonly body: string
  readonly everySeconds: number
  readonly removals: boolean
  readonly codeOf: (row: Payload) => string
  /** What a version has beside the row. */
  readonly beside: (code: string, now: number) => string
  /** The row with all that is known of it. */
  readonly whole: (row: Payload, code: string, reading: Reading) => Promise<Payload>
}

/** A row of the portal under upper-case names, as it writes them itself (dvcqg §6.2). */
const upper = (row: Payload): Payload => upperCased(row) as Payload // an object stays one

const fieldIn =
  (name: string) =>
  (row: Payload): string =>
    textOf(upper(row)[name.toUpperCase()]).trim()

/** The services of catalogues that the options name. */
export function catalogFeeds(
  body: string,
  options: EnvelopeOptions,
  { catalogs: asked }: PortalPoll,
): readonly Feed[] {
  return (asked?.services ?? []).flatMap((service) => {
    const found = catalogOf(service, options.catalogs)
    if (asked === undefined || found === undefined) return []
    const codeName = own(asked.codeFields, service)
    return feedOf({
      ...{ service, body, catalog: found.catalog, ...asked, codeOf: fieldIn(codeName ?? found.codeName) },
      beside: () => '',
      whole: (row) => Promise.resolve(row),
    })
  })
}

/** The procedures: their list says a code and a name, the rest stands in a call for each (dvcqg §6.3). */
export function procedureFeeds(body: string, { procedures: asked }: PortalPoll): readonly Feed[] {
  if (asked === undefined) return []
  const { detailsEveryDays: days } = asked
  const details = async (row: Payload, code: string, { rowsOf }: Reading) => {
    const call = {
      body,
      path: 'servicePath',
      parameters: { maTTHC: fieldIn('MATTHC')(row) || code },
    } as const
    const [found] = await rowsOf('LayThuTuc', call)
    return found === undefined ? row : { ...row, ...upper(found) }
  }
  return [
    feedOf({
      ...{ service: 'LayDanhSachTTHC', body, catalog: '1', ...asked },
      codeOf: (row) => procedureCode(fieldIn('MATTHC')(row)),
      beside: (code, now) => (days === 0 ? '' : String(turnOf(code, now, days * dayMs))),
      whole: days === 0 ? (row) => Promise.resolve(row) : details,
    }),
  ]
}

/** Which turn of its period a code is in: the turns of codes begin at other times, so that calls are spread over the period. */
const turnOf = (code: string, now: number, periodMs: number): number =>
  Math.floor((now + (sha256(code).readUInt32BE() / 2 ** 32) * periodMs) / periodMs)

function feedOf(listed: Listed): Feed {
  const { service, catalog, body, everySeconds, codeOf, removals, beside } = listed
  return {
    ...{ name: service, body, everySeconds },
    async list({ partner, rowsOf }) {
      const rows = await rowsOf(service, { body })
      const found = byName(rows, codeOf)
      if (rows.length > 0 && found.size === 0) throw unavailable(`${service}: its rows have no code`)
      const settled = await partner.settled(service)
      if (removals && found.size * 2 < settled.size)
        throw unavailable(`${service}: ${found.size} rows where there were ${settled.size}`)
      const things = [...found].map(([name, ofOne]) => ({
        ...{ name, rows: ofOne },
        version: versionOf(ofOne, beside(name, partner.now())),
      }))
      return changesIn(things, settled).filter((thing) => removals || thing.version !== null)
    },
    async contents({ name: code, rows }, reading) {
      const known = await reading.partner.catalogRow(catalog, code)
      const row = rows.at(-1)
      if (row === undefined) return known === undefined ? [] : [change({ Ma: code, ThaoTac: 'bai-bo' })]
      const NoiDung = await listed.whole(upper(row), code, reading)
      if (canonicalJson(known?.['NoiDung'] ?? null) === canonicalJson(NoiDung)) return [] // the catalogue says so already
      return [change({ Ma: code, ThaoTac: known === undefined ? 'them' : 'sua', NoiDung })]

      function change(said: Payload): Trusted {
        const payload = { DanhMuc: catalog, ...said }
        const naturalKey = ['catalog', catalog, code]
        return messageOf(reading, { action: 'catalog.changed', recipients: [], naturalKey, payload, rows })
      }
    },
  }
}
