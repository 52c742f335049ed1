import { expect } from 'chai'
import fc from 'fast-check'
import type { DoorRequest } from '../../../adapters/agencies/dialect.ts'
import { nativeJson } from '../../../adapters/agencies/native-json/index.ts'
import type { Agency } from '../../../schemas/agency.ts'
import { refusalOf } from '../../schemas/faults.ts'

const agency: Agency = {
  code: 'H49',
  name: 'Tỉnh',
  partyClass: 'state',
  status: 'live',
  dialect: 'native-json',
  options: {},
}

const message = { action: 'dossier.submitted', payload: { data: [] } }

function request(body: unknown, key: string | null = 'ref-1'): DoorRequest {
  const bytes = typeof body === 'string' ? body : JSON.stringify(body)
  const headers = key === null ? {} : { 'idempotency-key': key }
  return { method: 'POST', path: '/v1/messages', query: {}, headers, body: Buffer.from(bytes) }
}

const decode = (body: unknown, key?: string | null) => nativeJson.decode(request(body, key), agency)
const referenceOf = (key: string) => {
  const [content] = decode(message, key)
  return content?.kind === 'trusted' ? content.header.senderRef : content?.kind
}

describe('native-json', () => {
  it('reads a message; the calling body is its sender unless one is named', () => {
    expect(decode(message)).to.deep.equal([
      {
        kind: 'trusted',
        header: { action: 'dossier.submitted', recipients: [], sender: 'H49', senderRef: 'ref-1' },
        payload: { data: [] },
        original: Buffer.from(JSON.stringify(message)),
      },
    ])
    const full = {
      ...{ sender: 'H49.05', recipients: ['G22'], conversationId: 'c', refToMessageId: 'r' },
      ...{ sentAt: 1, expiresAt: 2 },
    }
    const [content] = decode({ ...message, ...full })
    expect(content).to.have.deep.property('header', { ...full, action: message.action, senderRef: 'ref-1' })
  })

  it('reads the key quoted or bare, to the same reference', () => {
    const references: Readonly<Record<string, string>> = {
      'H49-2026-000017': 'H49-2026-000017',
      '"H49-2026-000017"': 'H49-2026-000017',
      '"with blanks, and a comma"': 'with blanks, and a comma',
      '"a \\"quote\\" and \\\\"': 'a "quote" and \\',
      [`"${'k'.repeat(128)}"`]: 'k'.repeat(128),
    }
    for (const [written, reference] of Object.entries(references))
      expect(referenceOf(written)).to.equal(reference)
  })

  it('reads every quoted key back to what was quoted', () => {
    const key = fc
      .string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 60 })
      .filter((text) => text.trim() !== '')
    fc.assert(
      fc.property(key, (text) => {
        expect(referenceOf(`"${text.replace(/["\\]/g, '\\$&')}"`)).to.equal(text)
      }),
    )
  })

  const keys: Readonly<Record<string, string | null>> = {
    'no key': null,
    'an empty key': '',
    'blanks alone': '"   "',
    'an empty string': '""',
    'two keys': 'a, b',
    'two quoted keys': '"a", "b"',
    'a parameter': '"a";x=1',
    'a quote that does not close': '"a',
    'a quote inside': 'a"b',
    'an unknown escape': '"a\\n"',
    'what is not ASCII': 'mã-1',
    'a control character': '"a\u0007"',
    '129 characters': 'k'.repeat(129),
  }
  for (const [name, key] of Object.entries(keys))
    it(`refuses ${name}, and names the header`, () => {
      expect(refusalOf(() => decode(message, key))).to.include({
        code: 'invalid_field',
        field: 'Idempotency-Key',
      })
    })

  const bodies: Readonly<Record<string, readonly [unknown, string, string]>> = {
    'a list': [[], 'invalid_field', 'body'],
    null: [null, 'invalid_field', 'body'],
    'no action': [{ payload: {} }, 'invalid_field', 'action'],
    'no payload': [{ action: 'a' }, 'invalid_field', 'payload'],
    'a payload of text': [{ ...message, payload: 'x' }, 'invalid_field', 'payload'],
    'a time as text': [{ ...message, sentAt: '2026-01-01' }, 'invalid_field', 'sentAt'],
    'a recipient that is no text': [{ ...message, recipients: ['G22', 1] }, 'invalid_field', 'recipients.1'],
    'null for nothing': [{ ...message, expiresAt: null }, 'invalid_field', 'expiresAt'],
    'a field that is none': [{ ...message, recipent: ['G22'] }, 'invalid_field', 'recipent'],
    "the gateway's own word": [
      { ...message, authenticatedBy: { method: 'certificate', credentialId: 'x' } },
      'invalid_field',
      'authenticatedBy',
    ],
    'a seal': [{ ...message, sealedBy: 'H49' }, 'invalid_field', 'sealedBy'],
    'a reference beside the header': [{ ...message, senderRef: 'x' }, 'invalid_field', 'senderRef'],
    'a name twice': ['{"action":"a","action":"b","payload":{}}', 'malformed_request', 'action'],
    __proto__: ['{"__proto__":{"action":"a"},"payload":{}}', 'malformed_request', '__proto__'],
  }
  for (const [name, [body, code, field]] of Object.entries(bodies))
    it(`refuses ${name}`, () => {
      expect(refusalOf(() => decode(body))).to.include({ code, field })
    })

  it('names what a refusal is about as its sender wrote it', () => {
    const field = (named: string | null) => {
      const error = {
        code: 'invalid_field',
        message: { vi: 'v', en: 'e' },
        field: named,
        reason: null,
        retryable: false,
        detailId: 'd',
      } as const
      const { body } = nativeJson.answer(
        [{ kind: 'refused', status: 400, error, receipt: null }],
        request(''),
      )
      return (JSON.parse(Buffer.from(body).toString()) as { field: string | null }).field
    }
    expect(['SenderRef', 'Sender', 'Recipients', 'data[0].NgayTiepNhan', null].map(field)).to.deep.equal([
      'Idempotency-Key',
      'sender',
      'recipients',
      'data[0].NgayTiepNhan',
      null,
    ])
  })
})
