import { expect } from 'chai'
import type { MessageView } from '../../adapters/store/store.ts'
import type { Payload } from '../../schemas/message.ts'
import { verifyReceipt } from '../../signing/receipt.ts'
import { eventually, type LentGateway } from '../support/gateway.ts'
import { withLossyLine, type Fate, type LossyLine } from '../support/lossy.ts'
import { envelopeOf, operatorKey } from '../support/parties.ts'
import { vxpScene, type VxpScene } from '../support/vxp.ts'
import { office } from '../support/vxp-office.ts'

const letter: Payload = {
  ...{ DocumentId: 'G22,2026/11/20,41/VPCP-KTTH', From: { OrganId: 'G22' }, To: [{ OrganId: 'H49' }] },
  ...{ Subject: 'Về việc diễn tập liên thông', Code: { CodeNumber: '41', CodeNotation: 'VPCP-KTTH' } },
  PromulgationInfo: { Place: 'Hà Nội', PromulgationDate: '20261120' },
}
const status: Payload = {
  ...{ DocumentId: 'd-1', From: { OrganId: 'G22' }, StatusCode: '03', Timestamp: '20261122080000' },
  ResponseFor: { OrganId: 'H49', DocumentId: 'd-1' },
}

type View = MessageView & { readonly state: string }

interface Sent {
  readonly lent: LentGateway
  readonly axis: VxpScene
  readonly line: LossyLine
  /** The message once it is in this state. */
  readonly until: (state: string) => Promise<View>
  /** Letters that wait for the province on the axis. */
  readonly arrived: () => Promise<number>
}

/** An office sends to an axis, by a line that loses what `fateOf` says. */
function sending(
  { action = 'document.letter', options = {}, fateOf }: Given,
  use: (sent: Sent) => Promise<void>,
): Promise<void> {
  return vxpScene((axis) =>
    withLossyLine(axis.url, fateOf, (line) =>
      office(line, { pollSeconds: 0, askSentAfterSeconds: 1, ...options }, async (lent, own) => {
        const payload = action === 'document.letter' ? letter : status
        const bytes = await envelopeOf(own, action, payload, { recipients: ['TRUC.VB'] })
        const taken = await lent.call(own.apiKey, 'POST', '/v1/messages', { type: 'application/xml', bytes })
        expect(taken.status, taken.text).to.equal(202)
        const path = `/v1/messages/${String(taken.json['id'])}`
        const messagetype = action === 'document.letter' ? 'edoc' : 'status'
        await use({
          ...{ lent, axis, line },
          until: (state) => {
            const look = async () => {
              lent.clock.pass(1_000)
              const view = (await lent.call(operatorKey, 'GET', path)).json as unknown as View
              return view.state === state && view
            }
            return eventually(state, look, 15_000)
          },
          arrived: async () =>
            (await axis.province.call('getReceivedEdocList', { args: { messagetype } })).rows.length,
        })
      }),
    ),
  )
}

interface Given {
  readonly action?: 'document.letter' | 'document.status'
  readonly options?: Payload
  readonly fateOf: (name: string, nth: number) => Fate
}

const onlyFirst =
  (fate: Fate) =>
  (name: string, nth: number): Fate =>
    name === 'sendEdoc' && nth === 1 ? fate : 'pass'

/** Without the faults of the first moments, in which the secret is not read yet. */
const outcomes = ({ deliveries }: View) =>
  deliveries.flatMap(({ attempts }) =>
    attempts.map(({ outcome }) => outcome).filter((outcome) => outcome !== 'fault'),
  )
const sends = ({ calls }: LossyLine) => calls.filter((name) => name === 'sendEdoc').length

describe('a letter whose answer from an axis was lost', () => {
  it('is not sent again where the axis lists it: delivered, and the receipt says by whose word', () =>
    sending({ fateOf: onlyFirst('answer-lost') }, async ({ lent, line, until, arrived }) => {
      const view = await until('delivered')
      expect(outcomes(view)).to.deep.equal(['unsure', 'found'])
      expect([sends(line), await arrived()]).to.deep.equal([1, 1])
      const receipt = view.receipts.at(-1)
      expect(verifyReceipt(receipt!.jws, lent.keys.signing.certificate)).to.include({
        ...{ kind: 'delivered', code: 'told_when_asked' },
      })
    }))

  it('is sent again where the axis does not list it', () =>
    sending({ fateOf: onlyFirst('lost') }, async ({ line, until, arrived }) => {
      expect(outcomes(await until('delivered'))).to.deep.equal(['unsure', 'delivered'])
      expect([sends(line), await arrived()]).to.deep.equal([2, 1])
    }))

  it('is asked after too where a proxy answers 502 or 504 in the place of the axis', () =>
    sending({ fateOf: onlyFirst({ status: 504, body: '' }) }, async ({ line, until, arrived }) => {
      expect(outcomes(await until('delivered'))).to.deep.equal(['unsure', 'delivered'])
      expect([line.calls.includes('getSentEdocList'), await arrived()]).to.deep.equal([true, 1])
    }))

  it('waits while the axis is away, and is never sent on a guess', () => {
    const away = (name: string, nth: number): Fate => {
      if (name === 'sendEdoc') return nth === 1 ? 'answer-lost' : 'pass'
      return name === 'getSentEdocList' && nth === 1 ? { status: 503, body: '' } : 'pass'
    }
    return sending({ fateOf: away }, async ({ line, until, arrived }) => {
      expect(outcomes(await until('delivered'))).to.deep.equal(['unsure', 'unsure', 'found'])
      expect([sends(line), await arrived()]).to.deep.equal([1, 1])
    })
  })

  const untold: readonly [string, Payload, Fate][] = [
    ['has no such list', {}, { status: 404, body: '' }],
    ['refuses to list', {}, { status: 200, body: '{"status":"FAIL","ErrorCode":"100","ErrorDesc":"không"}' }],
    ['answers what is no list', {}, { status: 200, body: '{"status":"OK","ErrorCode":"0","data":"x"}' }],
  ]
  for (const [what, options, list] of untold)
    it(`stays in doubt for an operator where the axis ${what}`, () => {
      const fateOf = (name: string): Fate => (name === 'sendEdoc' ? 'answer-lost' : list)
      return sending({ options, fateOf }, async ({ line, until }) => {
        expect(outcomes(await until('in_doubt'))).to.deep.equal(['unsure', 'in_doubt'])
        expect(sends(line)).to.equal(1)
      })
    })

  it('stays in doubt at once where the list is not to be asked', () =>
    sending(
      { options: { askSentAfterSeconds: 0 }, fateOf: onlyFirst('answer-lost') },
      async ({ line, until }) => {
        expect(outcomes(await until('in_doubt'))).to.deep.equal(['in_doubt'])
        expect(line.calls).to.deep.equal(['sendEdoc'])
      },
    ))

  it('goes out at once by an operator’s word that it did not arrive, without another question', () => {
    const fateOf = (name: string, nth: number): Fate =>
      name === 'sendEdoc' ? (nth === 1 ? 'lost' : 'pass') : { status: 404, body: '' }
    return sending({ fateOf }, async ({ lent, line, until, arrived }) => {
      const id = (await until('in_doubt')).deliveries[0]?.id ?? ''
      const bytes = JSON.stringify({ outcome: 'not_delivered', reason: 'nơi nhận báo chưa có' })
      const path = `/admin/v1/deliveries/${id}/resolve`
      await lent.call(operatorKey, 'POST', path, { type: 'application/json', bytes })
      await until('delivered')
      expect(line.calls).to.deep.equal(['sendEdoc', 'getSentEdocList', 'sendEdoc'])
      expect(await arrived()).to.equal(1)
    })
  })
})

describe('a status whose answer from an axis was lost', () => {
  it('is sent again where nothing went to that body, for the list names no status', () =>
    sending({ action: 'document.status', fateOf: onlyFirst('lost') }, async ({ until, arrived }) => {
      expect(outcomes(await until('delivered'))).to.deep.equal(['unsure', 'delivered'])
      expect(await arrived()).to.equal(1)
    }))

  it('stays in doubt where something did', () =>
    sending({ action: 'document.status', fateOf: onlyFirst('answer-lost') }, async ({ until, arrived }) => {
      expect(outcomes(await until('in_doubt'))).to.deep.equal(['unsure', 'in_doubt'])
      expect(await arrived()).to.equal(1)
    }))
})
