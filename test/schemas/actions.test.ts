import { expect } from 'chai'
import { actions, families, isAction } from '../../schemas/actions.ts'
import type { ActionName, ActionRow, Family } from '../../schemas/actions.ts'
import { samplePayload } from '../support/payloads.ts'

/** The families and actions that the regulations ask for. */
const asked: Readonly<Record<Family, string>> = {
  dossier:
    'submitted updated supplemented receipt withdrawn result result-revoked copy-issued ' +
    'post-ordered post-cancelled post-tracked',
  status: 'updated requested',
  payment: 'requested cancelled result voucher settled refund-requested refunded refund-refused records',
  pakn:
    'received classified refused supplement-asked supplemented forwarded co-handled progress answered returned ' +
    'published escalated withdrawn',
  catalog: 'changed correction-requested corrected',
  statistics: 'reported',
  question: 'asked answered rated',
  account: 'created changed locked scope-changed',
  document: 'letter status',
  notice: 'alert maintenance incident notification',
}

const rows = Object.entries<ActionRow>(actions)
const day = 24 * 3_600_000

describe('table of actions', () => {
  it('has every family and action, and no other', () => {
    const names = Object.entries(asked).flatMap(([family, list]) =>
      list.split(' ').map((action) => `${family}.${action}`),
    )
    expect(Object.keys(actions).sort()).to.deep.equal(names.sort())
    expect(Object.keys(families).sort()).to.deep.equal(Object.keys(asked).sort())
  })

  it('files each action under the family of its name', () => {
    for (const [name, row] of rows) expect(name.split('.')[0]).to.equal(row.family)
  })

  it('knows its names and nothing that merely looks like one', () => {
    for (const [name] of rows) expect(isAction(name)).to.equal(true)
    for (const name of [
      '',
      'dossier',
      'dossier.Submitted',
      'dossier.submitted ',
      'constructor',
      '__proto__',
      'toString',
    ])
      expect(isAction(name), name).to.equal(false)
  })

  it('retries what citizens wait for 15 days, the rest 72 hours', () => {
    for (const [name, row] of rows) {
      const long = ['dossier', 'status', 'payment', 'pakn'].includes(row.family)
      expect(row.retryForMs, name).to.equal(long ? 15 * day : 3 * day)
    }
  })

  it('sends money that has moved first and news last', () => {
    const order: readonly ActionName[] = [
      ...(['payment.result', 'payment.requested', 'dossier.submitted', 'pakn.received'] as const),
      ...(['question.asked', 'catalog.changed'] as const),
    ]
    expect(order.map((name) => actions[name].priority)).to.deep.equal([0, 1, 2, 3, 4, 5])
    const first = rows.filter(([, row]) => row.priority === 0).map(([name]) => name)
    expect(first).to.deep.equal(['payment.result', 'payment.settled'])
    expect(actions['status.updated'].priority).to.equal(actions['dossier.submitted'].priority)
  })

  it('has a recipient rule for each action, never the same twice', () => {
    for (const [name, { recipients }] of rows) {
      expect(recipients, name).to.not.be.empty
      expect(new Set(recipients).size, name).to.equal(recipients.length)
      if (recipients.includes('named')) expect(recipients, name).to.have.length(1)
    }
  })

  it('sends pushes to the portal, payment to both, questions about a dossier to its owner', () => {
    expect(actions['dossier.submitted'].recipients).to.deep.equal(['portal-core'])
    expect(actions['status.updated'].recipients).to.deep.equal(['portal-core'])
    expect(actions['status.requested'].recipients).to.deep.equal(['dossier-owner'])
    for (const name of ['payment.requested', 'payment.result', 'payment.voucher'] as const)
      expect(actions[name].recipients).to.have.members(['dossier-owner', 'portal-core'])
    expect(actions['pakn.received'].recipients).to.deep.equal(['competent', 'portal-core'])
    expect(actions['catalog.changed'].recipients).to.deep.equal(['subscribers'])
  })
})

describe('ordering key', () => {
  it('is one and the same for a dossier, its progress and its results', () => {
    const keys = rows
      .filter(([, row]) => ['dossier', 'status'].includes(row.family))
      .map(([name, row]) => row.orderKey(samplePayload(name as ActionName, 4)))
    expect(new Set(keys)).to.deep.equal(new Set(['H49.05-261101-0005']))
  })

  it('is one and the same for all that happens to a petition, and to one payment', () => {
    for (const family of ['pakn', 'question', 'account', 'document', 'catalog']) {
      const members = rows.filter(([, row]) => row.family === family)
      const keys = new Set(members.map(([name, row]) => row.orderKey(samplePayload(name as ActionName, 9))))
      expect([...keys], family).to.have.length(1)
    }
    const { orderKey } = actions['payment.result']
    expect(orderKey({ MaThamChieu: 'A1' })).to.equal('A1')
    expect(orderKey({ MaThamChieuLo: 'L1', data: [{ MaThamChieu: 'A1' }] })).to.equal('A1')
    expect(orderKey({ MaThamChieuLo: 'L1', data: [{ MaThamChieu: 'A1' }, { MaThamChieu: 'A2' }] })).to.equal(
      'L1',
    )
  })

  it('differs where the subject differs', () => {
    for (const [name, row] of rows.filter(([, { family }]) => family !== 'notice')) {
      const keys = Array.from({ length: 200 }, (_, n) => row.orderKey(samplePayload(name as ActionName, n)))
      expect(new Set(keys).size, name).to.equal(200)
    }
  })

  it('joins the two parts of a catalogue row and of a report', () => {
    expect(actions['catalog.changed'].orderKey({ DanhMuc: 1, Ma: '1.009999' })).to.equal('1:1.009999')
    expect(actions['statistics.reported'].orderKey({ MaDonVi: 'H49', KyBaoCao: 202611 })).to.equal(
      'H49:202611',
    )
  })

  it('is empty for notices: nothing orders them', () => {
    expect(actions['notice.alert'].orderKey(samplePayload('notice.alert', 1))).to.equal('')
  })

  it('does not depend on how a code was quoted or padded', () => {
    const { orderKey } = actions['question.asked']
    expect(orderKey({ data: [{ HOIDAPID: 550123 }] })).to.equal(
      orderKey({ data: [{ HOIDAPID: ' 550123 ' }] }),
    )
  })
})
