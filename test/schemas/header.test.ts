import { expect } from 'chai'
import fc from 'fast-check'
import { GatewayError } from '../../schemas/errors.ts'
import { parseHeader } from '../../schemas/header.ts'
import type { Header } from '../../schemas/message.ts'

const now = Date.UTC(2026, 10, 21, 1, 15, 0)
const header: Header = {
  sender: 'H49',
  senderRef: 'MC-2026-000001',
  recipients: ['G22', '000.00.00.G03'],
  action: 'dossier.submitted',
  conversationId: '3f0c7c1e-0000-4000-8000-000000000001',
  sentAt: now - 1000,
  expiresAt: now + 1000,
}

function faultOf(changes: Record<string, unknown>): GatewayError {
  try {
    parseHeader({ ...header, ...changes }, now)
  } catch (error) {
    if (error instanceof GatewayError) return error
    throw error
  }
  throw new Error(`accepted: ${JSON.stringify(changes)}`)
}

describe('header', () => {
  it('is returned as given', () => {
    expect(parseHeader(header, now)).to.equal(header)
    const bare: Header = { sender: 'H49', senderRef: '1', recipients: [], action: 'a', sentAt: 0 }
    expect(parseHeader(bare, now)).to.equal(bare)
  })

  for (const sender of [
    'G22',
    'H49.05',
    'H37.DN.001',
    '000.00.00.G22',
    '000.00.01.H22',
    'H49.DN-2',
    'A'.repeat(64),
  ])
    it(`takes the code ${sender.slice(0, 20)}`, () => {
      expect(parseHeader({ ...header, sender }, now).sender).to.equal(sender)
    })

  const codes = [
    '',
    'h49',
    'H49.',
    '.H49',
    'H49..05',
    'H-49',
    'H49 ',
    'H49\n',
    'HÀ49',
    'A'.repeat(65),
    49,
    null,
    undefined,
  ]
  for (const sender of codes)
    it(`refuses the sender ${(JSON.stringify(sender) as string | undefined)?.slice(0, 20) ?? 'undefined'}`, () => {
      const fault = faultOf({ sender })
      expect([fault.code, fault.field]).to.deep.equal(['invalid_field', 'sender'])
    })

  it('takes an alias of the registry as recipient, but not as sender', () => {
    expect(parseHeader({ ...header, recipients: ['portal-core'] }, now).recipients).to.deep.equal([
      'portal-core',
    ])
    expect(faultOf({ sender: 'portal-core' }).field).to.equal('sender')
  })

  it('names the recipient that is no code, or that comes twice', () => {
    expect(faultOf({ recipients: ['G22', 'Cục'] })).to.include({
      field: 'recipients[1]',
      reason: 'not the code of a body',
    })
    expect(faultOf({ recipients: ['G22', 'H49', 'G22'] })).to.include({
      field: 'recipients[2]',
      reason: 'named twice',
    })
    const many = Array.from({ length: 33 }, (_, n) => `H${n}`)
    expect(faultOf({ recipients: many })).to.include({
      field: 'recipients',
      reason: 'more than 32 recipients',
    })
    expect(parseHeader({ ...header, recipients: many.slice(1) }, now).recipients).to.have.length(32)
    expect(faultOf({ recipients: 'G22' }).field).to.equal('recipients')
  })

  for (const field of ['senderRef', 'conversationId', 'refToMessageId'])
    it(`holds ${field} to 1 to 128 printable characters`, () => {
      for (const text of ['a', 'ệ', 'A/1 b', 'x'.repeat(128)])
        expect(parseHeader({ ...header, [field]: text }, now)).to.have.property(field, text)
      for (const text of ['', ' ', 'x'.repeat(129), 'a\nb', 'a\u0000', '\u007f', '\ud800', 12, null])
        expect(faultOf({ [field]: text })).to.include({ code: 'invalid_field', field })
    })

  it('holds the action to its length only', () => {
    expect(parseHeader({ ...header, action: 'no.such' }, now).action).to.equal('no.such')
    expect(faultOf({ action: 'x'.repeat(65) }).field).to.equal('action')
  })

  it('lets clocks differ by ten minutes, not more', () => {
    const limit = now + 600_000
    expect(parseHeader({ ...header, sentAt: limit }, now).sentAt).to.equal(limit)
    expect(faultOf({ sentAt: limit + 1 })).to.include({ code: 'invalid_field', field: 'sentAt' })
    expect(parseHeader({ ...header, sentAt: 0 }, now).sentAt).to.equal(0)
  })

  for (const sentAt of [Number.NaN, Infinity, 1.5, -1, '2026', null])
    it(`refuses the time ${String(sentAt)}`, () => {
      expect(faultOf({ sentAt })).to.include({ code: 'invalid_field', field: 'sentAt' })
      expect(faultOf({ expiresAt: sentAt })).to.include({ code: 'invalid_field', field: 'expiresAt' })
    })

  it('turns away what has expired, from the very moment', () => {
    expect(faultOf({ expiresAt: now })).to.include({ code: 'expired', field: 'expiresAt' })
    expect(parseHeader({ ...header, expiresAt: now + 1 }, now).expiresAt).to.equal(now + 1)
  })

  it('refuses a header that is no object', () => {
    expect(() => parseHeader(null as unknown as Header, now))
      .to.throw(GatewayError)
      .with.property('field', 'header')
  })

  it('answers anything at all with the header or a GatewayError', () => {
    fc.assert(
      fc.property(fc.record({ sender: fc.anything(), recipients: fc.anything() }), (odd) => {
        try {
          expect(parseHeader({ ...header, ...odd } as Header, now)).to.deep.include(odd)
        } catch (error) {
          expect(error).to.be.instanceOf(GatewayError)
        }
      }),
    )
  })
})
