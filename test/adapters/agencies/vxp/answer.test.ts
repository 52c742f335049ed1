import { expect } from 'chai'
import { fieldsIfTold, fieldsOf, outcomeOfSend } from '../../../../adapters/agencies/vxp/answer.ts'
import { contentsOf } from '../../../../adapters/agencies/vxp/poll.ts'
import { waitingIn } from '../../../../adapters/agencies/vxp/waiting.ts'
import type { EdxmlDocument } from '../../../../adapters/agencies/edxml/document.ts'
import { body } from '../../../support/vxp.ts'

const answered = (fields: object | string, status = 200) => ({
  ...{ status, headers: {} },
  body: Buffer.from(typeof fields === 'string' ? fields : JSON.stringify(fields)),
})

const said = (ErrorCode: string, ErrorDesc = '') =>
  outcomeOfSend(answered({ status: ErrorCode === '0' ? 'OK' : 'FAIL', ErrorCode, ErrorDesc })).kind

describe('what an axis answers to sendEdoc', () => {
  it('is success by its code, as text or bare, or by the words that it has the document', () => {
    expect(said('0')).to.equal('delivered')
    expect(outcomeOfSend(answered({ status: 'OK', ErrorCode: 0, DocId: '1' })).kind).to.equal('delivered')
    expect(said('100', 'Văn bản đã tồn tại')).to.equal('delivered')
  })

  it('is a fault of the message, of our registration there, or what may pass', () => {
    for (const code of ['10', '18', '22', '23']) expect(said(code), code).to.equal('refused')
    for (const code of ['15', '19']) expect(said(code), code).to.equal('fault')
    for (const code of ['20', '21', '100', '77']) expect(said(code), code).to.equal('retry')
  })

  it('is read the same where a province calls its code `code`', () => {
    const kinds = [0, 10, 15, 18, 19, 20, 21, 22, 23].map((code) => outcomeOfSend(answered({ code })).kind)
    expect(kinds.join(' ')).to.equal('delivered refused fault refused fault retry retry refused refused')
  })

  it('is in doubt where it cannot be read: sendEdoc tells no repeats apart', () => {
    for (const text of ['', '<html>', '{}', '[]'])
      expect(outcomeOfSend(answered(text)).kind).to.equal('in_doubt')
    const lost = { failure: 'ambiguous', code: 'timeout', reason: 'no answer' } as const
    expect(outcomeOfSend(lost).kind).to.equal('in_doubt')
  })
})

describe('what an axis is asked for', () => {
  it('is there only with success', () => {
    expect(fieldsOf(answered({ ErrorCode: '0', count: 1 }))).to.include({ count: 1 })
    const failures = [
      answered({ ErrorCode: '100', ErrorDesc: 'lỗi' }),
      answered({ ErrorCode: '0' }, 503),
      answered('<html>'),
      { failure: 'unsent', code: 'econnrefused', reason: '' } as const,
    ]
    for (const answer of failures) expect(() => fieldsOf(answer)).to.throw('unavailable')
  })

  it('will not be told where there is no such verb, and may yet where the axis fails or is away', () => {
    expect(fieldsIfTold(answered({ ErrorCode: '0', data: [] }))).to.deep.include({ data: [] })
    const never = [answered('', 404), answered('', 405), answered('', 501), answered({ ErrorCode: '100' })]
    for (const answer of [...never, answered('<html>')]) expect(fieldsIfTold(answer)).to.equal(null)
    const later = [
      ...['15', '19', '20', '21'].map((ErrorCode) => answered({ ErrorCode })),
      ...[401, 403, 429, 500, 503].map((status) => answered('', status)),
      { failure: 'ambiguous', code: 'timeout', reason: '' } as const,
    ]
    for (const answer of later) expect(() => fieldsIfTold(answer)).to.throw('unavailable')
  })

  it('waits where it is initial, and nothing that has no id or was acknowledged', () => {
    const rows = [
      { docId: 'a', status: 'initial', to: 'G22' },
      { docId: 5, to: 'G22' },
      ...['processing', 'done', 'fail'].map((status) => ({ docId: status, status })),
      { status: 'initial' },
    ]
    expect(waitingIn({ data: rows }).map(({ id }) => id)).to.deep.equal(['a', '5'])
    expect(waitingIn({ data: 'không' })).to.deep.equal([])
  })

  it('is for the body that the list names, else for those of the document, whatever the case and generation', () => {
    const document = { action: 'document.letter', recipients: ['h37', 'G22'] } as unknown as EdxmlDocument
    const axis = body('AXIS', { options: { url: 'https://truc.example.vn', systemId: 'x' } })
    const taken = (about: Readonly<Record<string, string>>, given = document) =>
      contentsOf(given, { id: '1', about }, axis)
    const recipientsOf = (to: string) => taken({ to }).map(({ header }) => header.recipients)
    expect(recipientsOf('000.00.00.g22')).to.deep.equal([['G22']])
    expect(recipientsOf('')).to.deep.equal([['H37', 'G22']])
    expect(taken({})[0]?.header.sender).to.equal('AXIS')
    const many = Array.from({ length: 70 }, (_, n) => `H49.${n}`)
    const contents = taken({}, { ...document, recipients: many })
    expect(contents.map(({ header }) => header.recipients.length)).to.deep.equal([32, 32, 6])
    expect(contents.map(({ naturalKey }) => naturalKey)).to.deep.equal([
      ...[
        ['vxp.docId', '1'],
        ['vxp.docId', '1', '1'],
        ['vxp.docId', '1', '2'],
      ],
    ])
  })
})
