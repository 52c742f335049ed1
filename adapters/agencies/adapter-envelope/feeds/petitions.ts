import { writeDate } from '../../../../schemas/dates.ts'
import { textOf } from '../../../../schemas/fields.ts'
import type { Payload } from '../../../../schemas/message.ts'
import { paknPayloads } from '../../../../schemas/payloads/pakn.ts'
import { canonicalRow } from '../../dossiers/pushes.ts'
import type { PortalPoll } from '../poll-options.ts'
import { byName, changesIn, messageOf, own, versionOf, type Feed } from './feed.ts'

const dayMs = 86_400_000

const read = (row: Payload): Payload => canonicalRow(paknPayloads.received, row)
const idOf = (row: Payload): string => textOf(read(row)['MaPAKN']).trim()

export const petitionFeeds = (body: string, { petitions }: PortalPoll): readonly Feed[] =>
  petitions === undefined ? [] : [feedOf(body, petitions)]

/** Petitions to a body since some days; the names of the services are proposals (dvcqg §8.2). */
function feedOf(body: string, asked: NonNullable<PortalPoll['petitions']>): Feed {
  const service = 'LayDanhSachPAKN'
  const name = `${service} ${body}`
  return {
    ...{ name, body, everySeconds: asked.everySeconds },
    async list({ partner, rowsOf }) {
      const tungay = writeDate(partner.now() - asked.sinceDays * dayMs)
      const rows = byName(await rowsOf(service, { body, parameters: { tungay } }), idOf)
      const things = [...rows].map(([id, ofOne]) => ({ name: id, rows: ofOne, version: versionOf(ofOne) }))
      return changesIn(things, await partner.settled(name))
    },
    async contents({ name: mapakn, rows }, reading) {
      const listed = rows.at(-1)
      if (listed === undefined) return []
      const more = asked.details
        ? await reading.rowsOf('LayChiTietPAKN', { body, parameters: { mapakn } })
        : []
      const payload = { ...read(listed), ...read(more[0] ?? {}), MaPAKN: mapakn }
      const { MaDonVi, TrangThai }: Payload = payload
      const action = own(asked.states, textOf(TrangThai)) ?? 'pakn.received'
      const recipients = [own(reading.options.units, textOf(MaDonVi)) ?? body]
      return [messageOf(reading, { action, recipients, naturalKey: [action, mapakn], payload, rows })]
    },
  }
}
