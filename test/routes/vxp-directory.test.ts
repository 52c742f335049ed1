import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import type { Payload } from '../../schemas/message.ts'
import { eventually, type LentGateway } from '../support/gateway.ts'
import { createParty, envelopeOf, operatorKey } from '../support/parties.ts'
import { withSink, type Sink } from '../support/sink.ts'
import { office } from '../support/vxp-office.ts'

const letter = readFileSync(new URL('../fixtures/edxml/letter.edxml', import.meta.url))
const dayMs = 86_400_000

/** An axis with a directory of its own, which holds the letter until it has been told that it was taken. */
interface Axis {
  rows: readonly Payload[] | null
  holds: boolean
  readonly sent: string[]
}

function axisAt(sink: Sink): Axis {
  const axis: Axis = { rows: [], holds: false, sent: [] }
  sink.answer(({ path, headers, body }) => {
    const verb = path.replace(/.*\//, '')
    const ok = (data: unknown) => ({
      ...{ status: 200, body: JSON.stringify({ status: 'OK', ErrorCode: '0', ErrorDesc: '', data }) },
    })
    if (verb === 'getAgenciesList') return axis.rows === null ? { status: 500 } : ok(axis.rows)
    if (verb === 'getEdoc') return ok(letter.toString('base64'))
    if (verb === 'updateStatus') axis.holds = false
    if (verb === 'sendEdoc') axis.sent.push(`${String(headers['xroadvnpt-from'])} ${body.toString()}`)
    const waits = verb === 'getReceivedEdocList' && axis.holds && headers['xroadvnpt-messagetype'] === 'edoc'
    return ok(waits ? [{ docId: `vb-${sink.requests.length}`, status: 'initial', to: '000.00.07.G22' }] : [])
  })
  return axis
}

const rows: readonly Payload[] = [
  { id: '1', code: 'G22.07', oldCode: '000.00.07.G22', name: 'Vụ Thử', pid: 'G22', mail: '' },
  { id: '2', code: '000.00.05.H49', oldCode: 'H49.05', name: 'Sở Thử', pid: 'H49', mail: '' },
  { id: '3', code: 'không phải mã', name: 'Hỏng' },
]

const unit = createParty({ code: 'G22.07', options: { format: 'json' } })
const sender = createParty({ code: 'H49.05', options: { format: 'json' } })

const copyOf = ({ store }: LentGateway) => store.organisationCopy('TRUC.VB')

const copied = (lent: LentGateway, count: number) =>
  eventually(`a copy of ${count}`, async () => {
    lent.clock.pass(500)
    return (await copyOf(lent))?.count === count
  })

async function brought(lent: LentGateway): Promise<Payload> {
  const { json } = await lent.call(unit.apiKey, 'GET', '/v1/mailbox')
  const [item] = json['deliveries'] as unknown as readonly { content: string; deliveryId: string }[]
  return item === undefined ? {} : (JSON.parse(item.content) as { payload: Payload }).payload
}

const polls = ({ log }: LentGateway) =>
  log.filter(({ event }) => event === 'poll').map(({ fields }) => Number(fields['directoryAgeMs'] ?? -1))

describe('the directory of an axis, kept here as a copy', () => {
  it('names the bodies of letters from and to the axis, in whichever generation each side has them', () =>
    withSink((sink) => {
      const axis = axisAt(sink)
      axis.rows = rows
      return office(
        { url: sink.url },
        { generation: '2022' },
        async (lent, own) => {
          await copied(lent, 2)
          axis.holds = true
          const payload = await eventually('the letter', async () => {
            lent.clock.pass(500)
            const found = await brought(lent)
            return found['From'] === undefined ? undefined : found
          })
          expect((payload['From'] as Payload)['OrganId'], 'known here by its other code').to.equal('H49.05')
          const out = {
            ...{ DocumentId: 'd-2', From: { OrganId: 'G22' }, StatusCode: '03', Timestamp: '20261122080000' },
            ResponseFor: { OrganId: 'H49.05', DocumentId: 'd-2' },
          }
          const bytes = await envelopeOf(own, 'document.status', out, { recipients: ['TRUC.VB'] })
          await lent.call(own.apiKey, 'POST', '/v1/messages', { type: 'application/xml', bytes })
          const [written = ''] = await eventually('the status', async () => axis.sent.length > 0 && axis.sent)
          const path = '/admin/v1/agencies/TRUC.VB/organisations?organ=000.00.07.g22'
          const looked = (await lent.call(operatorKey, 'GET', path)).json as Payload
          expect(looked).to.deep.include({
            count: 2,
            items: [{ code: 'G22.07', other: '000.00.07.G22', name: 'Vụ Thử', parent: 'G22' }],
          })
          expect(looked['ageMs']).to.be.within(0, dayMs)
          const none = await lent.call(operatorKey, 'GET', '/admin/v1/agencies/G22/organisations?organ=G22')
          expect(none.json).to.deep.equal({ readAt: null, ageMs: null, count: 0, items: [] })
          expect(written).to.match(/^G22 /).and.contain('<edXML:OrganId>000.00.05.H49</edXML:OrganId>')
        },
        [unit, sender],
      )
    }))

  it('follows what changed; a reading that fails or is empty keeps the copy, says its age, and harms no poll', () =>
    withSink((sink) => {
      const axis = axisAt(sink)
      axis.rows = rows
      return office(
        { url: sink.url },
        {},
        async (lent) => {
          await copied(lent, 2)
          axis.rows = null
          lent.clock.pass(dayMs)
          await eventually('the fault', async () => {
            lent.clock.pass(500)
            return lent.log.some(
              ({ event, fields }) => event === 'poll failed' && fields['waiting'] === 'directory',
            )
          })
          axis.rows = []
          await eventually('polls with an old copy', async () => {
            lent.clock.pass(2_000)
            return polls(lent).filter((ageMs) => ageMs > dayMs).length > 3
          })
          expect((await copyOf(lent))?.count).to.equal(2)
          axis.rows = [{ ...rows[1], name: 'Sở Đổi tên' }]
          await copied(lent, 1)
          const [left] = await lent.store.findOrganisations('TRUC.VB', ['H49.05', 'G22.07'])
          expect(left).to.include({ code: '000.00.05.H49', name: 'Sở Đổi tên' })
        },
        [unit, sender],
      )
    }))

  it('is not asked for where no copy is wanted', () =>
    withSink((sink) => {
      const axis = axisAt(sink)
      axis.rows = rows
      return office({ url: sink.url }, { directorySeconds: 0 }, async (lent) => {
        await eventually('a poll', async () => {
          lent.clock.pass(500)
          return sink.requests.some(({ path }) => path.endsWith('/getReceivedEdocList'))
        })
        expect(sink.requests.some(({ path }) => path.endsWith('/getAgenciesList'))).to.equal(false)
        expect(await copyOf(lent)).to.equal(null)
      })
    }))
})
