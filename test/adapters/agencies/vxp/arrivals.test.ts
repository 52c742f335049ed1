import { expect } from 'chai'
import { arrivals, arrivedIn } from '../../../../adapters/agencies/vxp/arrivals.ts'
import { writeFilter, writeTime } from '../../../../adapters/agencies/vxp/moment.ts'
import { VxpOptions } from '../../../../adapters/agencies/vxp/options.ts'
import type { Transport } from '../../../../adapters/agencies/dialect.ts'
import type { Payload } from '../../../../schemas/message.ts'
import { body } from '../../../support/vxp.ts'
import { stored } from '../edxml/support.ts'

const since = Date.UTC(2026, 10, 20, 3)
const until = since + 60_000
const letter: Payload = {
  ...{ DocumentId: 'H49.05,2026/11/20,27/STN-KT', From: { OrganId: 'H49.05' } },
  ...{ Code: { CodeNumber: '27', CodeNotation: 'STN-KT' }, Subject: 'Về việc  diễn tập' },
}
const row: Payload = {
  ...{ senderDocId: 'x-1', fromCode: '000.00.05.H49', toCode: 'G22', messageType: 'edoc' },
  ...{ title: 'Về việc diễn tập', notation: '27/STN-KT', sentTime: writeTime(since), sendStatus: 'done' },
}
const options = VxpOptions.parse({ codes: { '000.00.05.H49': 'H49.05' }, sentListRows: 3 })

const said = (rows: readonly Payload[], payload = letter, action: 'letter' | 'status' = 'letter') =>
  arrivedIn(rows, { message: stored(`document.${action}`, payload), since, until }, options)

describe('what the list of sent documents of an axis says of a letter', () => {
  it('is that it arrived: by number and subject, whatever the form of Unicode, or by its id', () => {
    expect(said([{ ...row, title: 'VỀ VIỆC DIỄN TẬP'.normalize('NFD') }])).to.equal('arrived')
    const byId = { ...row, senderDocId: 'h49.05,2026/11/20,27/STN-KT', title: '', notation: '' }
    expect(said([byId, { ...row, notation: '1/A', title: 'khác' }])).to.equal('arrived')
  })

  it('is that it did not: other numbers and subjects, or likeness in part at another time', () => {
    expect(said([])).to.equal('absent')
    expect(said([{ ...row, notation: '28/STN-KT', title: 'Khác' }])).to.equal('absent')
    const [early, late] = [since - 660_000, until + 660_000].map((at) => ({
      ...row,
      sentTime: writeTime(at),
    }))
    expect(
      said([
        { ...early, title: 'Khác' },
        { ...late, notation: '9/X' },
      ]),
    ).to.equal('absent')
    expect(said([{ ...row, sentTime: writeTime(since - 540_000) }]), 'clocks differ').to.equal('arrived')
  })

  const doubtful: readonly [string, Payload][] = [
    ['the number alone', { title: 'Khác' }],
    ['the subject alone', { notation: '9/X' }],
    ['neither number nor subject', { title: '', notation: '' }],
    ['another body behind the same system', { fromCode: 'H49.06' }],
    ['a sending that failed', { sendStatus: 'fail' }],
    ['the same at another time, whose clock may be wrong', { sentTime: writeTime(since - 7 * 3_600_000) }],
  ]
  for (const [what, change] of doubtful)
    it(`decides nothing by ${what}`, () => expect(said([{ ...row, ...change }])).to.equal('unknown'))

  it('decides nothing of a letter about an earlier one, which bears the same number', () =>
    expect(said([row], { ...letter, Bussiness: { BussinessDocType: '1' } })).to.equal('unknown'))

  it('decides nothing where the list is so long that it may be cut off, unless the letter stands in it', () => {
    const others = Array.from({ length: 3 }, (_, n) => ({ ...row, notation: `${n}/X`, title: `Số ${n}` }))
    expect(said(others.slice(1))).to.equal('absent')
    expect(said(others)).to.equal('unknown')
    expect(said([...others, row])).to.equal('arrived')
    const older = { ...row, notation: '0/X', title: 'Cũ', sentTime: writeTime(since - 3_600_000) }
    expect(said([...others, older]), 'newest first, and back to before it').to.equal('absent')
    expect(said([older, ...others]), 'in no order').to.equal('unknown')
  })

  it('tells of a status only that nothing went to the body', () => {
    const status = { ResponseFor: { OrganId: '000.00.00.G22', DocumentId: 'd' }, StatusCode: '03' }
    expect(said([{ ...row, toCode: 'H37' }], status, 'status')).to.equal('absent')
    expect(said([row], status, 'status')).to.equal('unknown')
  })

  it('is asked for once more without dates, where an axis may have read them otherwise', async () => {
    const asked: boolean[] = []
    const askOf = (dated: readonly Payload[], all: readonly Payload[]) => {
      const transport: Transport = {
        post({ headers }) {
          const isDated = headers['XroadVnpt-fromDate'] === '20/11/2026 09:50:00'
          asked.push(isDated)
          const fields = { status: 'OK', ErrorCode: '0', data: isDated ? dated : all }
          return Promise.resolve({ status: 200, headers: {}, body: Buffer.from(JSON.stringify(fields)) })
        },
      }
      const url = 'https://truc.example.vn/XrdAdapter/adapter'
      const agency = body('TRUC.VB', { options: { url, systemId: 'G22.W00', codes: options.codes } })
      const keys = { secrets: () => ['khoa-he-thong-01'], privateKey: () => undefined }
      const doubted = { message: stored('document.letter', letter), since, until }
      return arrivals.ask(doubted, { agency, transport, keys, now: () => until })
    }
    expect(await askOf([], [row])).to.equal('arrived')
    expect(await askOf([], [])).to.equal('absent')
    expect(asked).to.deep.equal([true, false, true, false])
    expect(await askOf([row], [])).to.equal('arrived')
    expect(asked.slice(4)).to.deep.equal([true])
  })

  it('is asked of axes alone: a province’s REST has no such list', () => {
    const seconds = (given: Payload) => arrivals.afterSeconds(body('TRUC.VB', { options: given }))
    const axis = { url: 'https://truc.example.vn/XrdAdapter/adapter', systemId: 'G22.W00' }
    expect(seconds(axis)).to.equal(60)
    expect(seconds({ ...axis, askSentAfterSeconds: 0 })).to.equal(0)
    expect(seconds({ ...axis, wire: 'rest', username: 'u' })).to.equal(0)
    expect(seconds({})).to.equal(0)
    expect(writeFilter(since)).to.equal('20/11/2026 10:00:00')
  })
})
