import { expect } from 'chai'
import {
  judgeStatus,
  statuses,
  statusOf,
  type StatusCode,
} from '../../../../adapters/agencies/edxml/statuses.ts'
import { fixture, read, stored, write } from './support.ts'

const codes = Object.keys(statuses) as StatusCode[]

describe('edXML statuses', () => {
  it('follow the way of a letter, which a take-back may leave at any time before its end', () => {
    const way = ['', '01', '03', '04', '05', '06']
    for (const [at, code] of way.entries())
      if (at > 0) expect(judgeStatus(way[at - 1] ?? '', code)).to.equal('next')
    for (const before of ['', '01', '03', '04', '05']) expect(judgeStatus(before, '13')).to.equal('next')
    expect(judgeStatus('06', '13')).to.equal('out-of-order')
    expect([judgeStatus('13', '15'), judgeStatus('13', '16'), judgeStatus('16', '13')]).to.deep.equal([
      'next',
      'next',
      'next',
    ])
  })

  it('are carried when skipped, late or unknown: 03 and 05 back to back, never a 04', () => {
    expect(judgeStatus('03', '05')).to.equal('next')
    expect(judgeStatus('06', '03')).to.equal('out-of-order')
    expect(judgeStatus('05', '05'), 'a repeated 05 is usual').to.equal('next')
    expect(judgeStatus('03', '03')).to.equal('repeat')
    for (const code of ['07', '12', '14', '1']) expect(judgeStatus('01', code)).to.equal('unknown')
  })

  it('lead nowhere from an end but by the sender', () => {
    for (const [code, row] of Object.entries(statuses))
      if ('ends' in row)
        for (const next of codes) expect(judgeStatus(code, next), `${code} ${next}`).not.to.equal('next')
  })

  it('answer a letter to its sender, and a 13 to its holder, not without the reason that is due', async () => {
    const { payload } = await read(fixture('letter.edxml'))
    const from = { OrganId: 'G22', OrganName: 'Văn phòng Mẫu' }
    const at = Date.UTC(2026, 10, 20, 7, 5, 9)
    const arrived = statusOf(payload, { code: '01', from, to: 'H49.05', at })
    const again = await read(await write(stored('document.status', arrived)))
    expect(again.payload).to.deep.equal(arrived)
    expect(again.recipients).to.deep.equal(['H49.05'])
    expect(arrived['Timestamp']).to.equal('20261120140509')
    for (const code of codes) {
      const act = () => statusOf(payload, { code, from, to: 'H49.05', at })
      if ('needsReason' in statuses[code]) expect(act, code).to.throw('invalid_field')
      else expect(act()['StatusCode']).to.equal(code)
    }
  })
})
