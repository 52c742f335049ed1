import { expect } from 'chai'
import type {
  AgencyKeys,
  Dialect,
  DoorRequest,
  Draft,
  Transport,
  TransportAnswer,
  TransportFailure,
} from '../../adapters/agencies/dialect.ts'
import { actions, type ActionName } from '../../schemas/actions.ts'
import type { Agency } from '../../schemas/agency.ts'
import { modeOf } from '../../workers/mode.ts'
import type { Message } from '../../schemas/message.ts'
import { samplePayload } from '../support/payloads.ts'

const keys: AgencyKeys = {
  secrets: () => [`whsec_${Buffer.alloc(32, 1).toString('base64')}`],
  privateKey: () => undefined,
}

/** A message of every action, as intake would have stored it. */
export function messageOf(action: ActionName): Message {
  return {
    id: '01930000-0000-7000-8000-000000000001',
    sender: 'H49',
    senderRef: 'ref-1',
    recipients: ['G22'],
    action,
    family: actions[action].family,
    subjectKey: 'H49-261121-0001',
    sentAt: 1_700_000_000_000,
    receivedAt: 1_700_000_000_500,
    payload: samplePayload(action, 1),
    flags: [],
  }
}

const token = answered(200, JSON.stringify({ access_token: 'the-cho-thu', expires_in: 3_600 }))
const loggedIn = answered(200, JSON.stringify({ data: { token: 'the-cho-thu' } }))

/** A token that is asked for before is given: how it may fail is tried where tokens are. */
function answering(answer: TransportAnswer | TransportFailure): Transport {
  return {
    async post({ url }) {
      if (url.includes('/auth/login')) return loggedIn
      return url.endsWith('/token') ? token : answer
    },
  }
}

function answered(status: number, body = ''): TransportAnswer {
  return { status, headers: {}, body: Buffer.from(body) }
}

/** What every dialect must do, whatever it speaks. `options` are valid options of an agency that speaks it, `success` the body of a 200 that takes a message. */
export function describeDialect(
  dialect: Dialect,
  options: Agency['options'],
  {
    success = '',
    name = dialect.name,
  }: { readonly success?: string | undefined; readonly name?: string } = {},
): void {
  const agency: Agency = {
    code: 'G22',
    name: 'Cổng',
    partyClass: 'state',
    status: 'live',
    dialect: dialect.name,
    options,
  }

  describe(`the dialect contract: ${name}`, () => {
    it('checks its options, and refuses unknown ones', () => {
      expect(dialect.options.safeParse(options).success).to.equal(true)
      expect(dialect.options.safeParse({ ...options, noSuchOption: 1 }).success).to.equal(false)
      expect(dialect.options.safeParse('text').success).to.equal(false)
    })

    it('encodes every action or says why it cannot, always the same way', () => {
      for (const action of Object.keys(actions) as ActionName[]) {
        const message = messageOf(action)
        const before = JSON.stringify(message)
        const encoded = dialect.encode(message, agency)
        if (encoded.kind === 'unsupported') expect(encoded.reason).not.to.equal('')
        else expect(encoded.contentType).to.match(/^[a-z]+\/[a-z0-9.+-]+/)
        expect(dialect.encode(message, agency)).to.deep.equal(encoded)
        expect(JSON.stringify(message), 'encode must not touch the message').to.equal(before)
      }
    })

    it('asks after what was sent only where its recipients tell no repeats apart', () => {
      const seconds = dialect.arrivals?.afterSeconds(agency) ?? 0
      expect(seconds).to.be.within(0, dialect.repeatable ? 0 : 3_600)
    })

    it('writes an answer for each result of a submit', () => {
      const request: DoorRequest = {
        method: 'POST',
        path: '/',
        query: {},
        headers: {},
        body: Buffer.from('x'),
      }
      const receipt = { receipt: {} as never, jws: 'a.b.c' }
      const refusal = {
        code: 'invalid_field',
        message: { vi: 'v', en: 'e' },
        field: 'f',
        reason: null,
        retryable: false,
        detailId: 'd',
      } as const
      const done = dialect.answer([{ kind: 'accepted', id: 'i', state: 'accepted', receipt }], request)
      const again = dialect.answer([{ kind: 'repeat', id: 'i', state: 'accepted', receipt }], request)
      const no = dialect.answer([{ kind: 'refused', error: refusal, status: 400, receipt }], request)
      expect(Buffer.from(done.body).length).to.be.above(0)
      expect(Buffer.from(again.body).length).to.be.above(0)
      expect(Buffer.from(no.body)).not.to.deep.equal(Buffer.from(done.body))
    })

    if (modeOf(dialect, agency) === 'push') describePush(dialect, agency, success)
    else
      it('is never sent to', async () => {
        const sent = dialect.send(
          { message: messageOf('dossier.submitted'), deliveryId: 'd', encoded: encodedOf(dialect, agency) },
          agency,
          answering(answered(200)),
          keys,
        )
        expect(
          await sent.then(
            () => 'sent',
            () => 'refused',
          ),
        ).to.equal('refused')
      })
  })
}

function encodedOf(dialect: Dialect, agency: Agency): Draft {
  for (const action of Object.keys(actions) as ActionName[]) {
    const encoded = dialect.encode(messageOf(action), agency)
    if (encoded.kind === 'encoded') return encoded
  }
  throw new Error(`${dialect.name} expresses no action at all`)
}

function describePush(dialect: Dialect, agency: Agency, success: string): void {
  const send = (answer: TransportAnswer | TransportFailure) => {
    const parcel = {
      message: messageOf('dossier.submitted'),
      deliveryId: '01930000-0000-7000-8000-000000000002',
      encoded: encodedOf(dialect, agency),
    }
    return dialect.send(parcel, agency, answering(answer), keys)
  }

  it('takes success for success', async () => {
    expect(['delivered', 'processed']).to.include((await send(answered(200, success))).kind)
  })

  it('retries what may pass, refuses what the recipient refuses, and blames a broken configuration on nobody', async () => {
    for (const status of [408, 425, 429, 500, 502, 503, 504])
      expect((await send(answered(status))).kind, `${status}`).to.equal('retry')
    for (const status of [400, 410, 413, 415, 422])
      expect((await send(answered(status))).kind, `${status}`).to.equal('refused')
    for (const status of [301, 302, 401, 403, 404, 405, 406, 407, 451, 495, 496])
      expect((await send(answered(status))).kind, `${status}`).to.equal('fault')
  })

  it('retries what was not sent, and repeats the ambiguous only where the recipient can tell', async () => {
    expect((await send({ failure: 'unsent', code: 'econnrefused', reason: 'refused' })).kind).to.equal(
      'retry',
    )
    expect((await send({ failure: 'configuration', code: 'cert_has_expired', reason: 'tls' })).kind).to.equal(
      'fault',
    )
    const ambiguous = await send({ failure: 'ambiguous', code: 'timeout', reason: 'no answer' })
    expect(ambiguous.kind).to.equal(dialect.repeatable ? 'retry' : 'in_doubt')
  })
}
