import { expect } from 'chai'
import {
  isRepeatable,
  outcomeOfAnswer,
  outcomeOfJson,
} from '../../../../adapters/agencies/edoc-soap/outcome.ts'

const envelope = (inner: string) =>
  `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>${inner}</e:Body></e:Envelope>`
const report = (isSuccess: boolean, code = '', text = '') =>
  envelope(
    `<r:Report xmlns:r="http://www.e-doc.vn/Schema/"><r:IsSuccess>${isSuccess}</r:IsSuccess><r:ErrorList><r:Error><r:Code>${code}</r:Code><r:Description>${text}</r:Description></r:Error></r:ErrorList></r:Report>`,
  )
const fault = (code: string) =>
  envelope(`<e:Fault><faultcode>e:${code}</faultcode><faultstring>Hỏng</faultstring></e:Fault>`)

const outcomeOf = (body: string, status = 200, headers: Readonly<Record<string, string>> = {}) =>
  outcomeOfAnswer({ status, headers, body: Buffer.from(body) }, { repeatable: false })

const outcomeOfRest = (answer: object) =>
  outcomeOfJson(
    { status: 200, headers: {}, body: Buffer.from(JSON.stringify(answer)) },
    { repeatable: false },
  )

describe('the answer of an e-doc bus', () => {
  it('is a success by an id, bare or inside, and by a report', () => {
    const ns = 'xmlns="http://www.e-doc.vn/Schema/"'
    for (const body of [
      envelope(`<DocumentId ${ns}>7</DocumentId>`),
      envelope(`<SendDocumentResponse ${ns}><DocumentId>7</DocumentId></SendDocumentResponse>`),
      report(true),
    ])
      expect(outcomeOf(body)).to.deep.equal({ kind: 'delivered' })
  })

  it('is read out of a multipart message too', () => {
    const body = `--b\r\nContent-Type: text/xml\r\n\r\n${report(true)}\r\n--b--\r\n`
    expect(outcomeOf(body, 200, { 'content-type': 'multipart/related; boundary=b' }).kind).to.equal(
      'delivered',
    )
  })

  it('is a refusal by an error, unless the bus has the document or does not know the token', () => {
    expect(outcomeOf(report(false, 'N.Subject', 'Subject is required'))).to.deep.equal({
      ...{ kind: 'refused', code: 'N.Subject', reason: 'Subject is required' },
    })
    expect(outcomeOf(report(false, 'ExistDoc', 'Document is exist')).kind).to.equal('delivered')
    expect(outcomeOf(report(false, 'M.Exist', 'Document is exist on ESB !!!!')).kind).to.equal('delivered')
    const known = 'Exist trace on esb with code 9/UB from_organ_domain H37'
    expect(outcomeOf(report(false, 'M.UpdateTraces', known)).kind, 'a report again').to.equal('delivered')
    expect(outcomeOf(report(false, 'M.UpdateTraces', 'Document does not exist')).kind).to.equal('refused')
    expect(outcomeOf(report(false, 'M.Token', 'sai')).kind).to.equal('fault')
  })

  it('is a fault by its code, and in doubt where it says nothing', () => {
    expect(outcomeOf(fault('Client'), 500)).to.deep.equal({
      kind: 'refused',
      code: 'fault_Client',
      reason: 'Hỏng',
    })
    expect(outcomeOf(fault('Server'), 500).kind).to.equal('retry')
    expect(outcomeOf('<html/>', 500).kind).to.equal('retry')
    for (const body of ['<html/>', 'OK', envelope('<Khac/>')])
      expect(outcomeOf(body).kind, body).to.equal('in_doubt')
    expect(outcomeOf('').kind).to.equal('delivered')
  })

  it('by REST is a refusal where it says Error beside the code of success', () => {
    expect(outcomeOfRest({ status: 'Success', code: '0', docId: 7, errors: [] }).kind).to.equal('delivered')
    const errors = [{ code: 'T.Document', description: 'Không có văn bản' }]
    expect(outcomeOfRest({ status: 'Error', code: '0', docId: 0, errors })).to.deep.equal({
      ...{ kind: 'refused', code: 'T.Document', reason: 'Không có văn bản' },
    })
    expect(outcomeOfRest({ status: 'Fail', code: '9999', errors }).kind).to.equal('refused')
  })

  it('that was lost is asked for again where the bus tells repeats, else in doubt', () => {
    const lost = { failure: 'ambiguous', code: 'timeout', reason: 'no answer' } as const
    expect(outcomeOfAnswer(lost, { repeatable: true }).kind).to.equal('retry')
    expect(outcomeOfAnswer(lost, { repeatable: false }).kind).to.equal('in_doubt')
    const letter = (BussinessDocType?: string) => ({
      action: 'document.letter',
      payload: BussinessDocType === undefined ? {} : { Bussiness: { BussinessDocType } },
    })
    const status = (StatusCode: string) => ({ action: 'document.status', payload: { StatusCode } })
    const soap = { tellsRepeats: true, wire: 'soap' } as const
    for (const message of [letter(), letter('0'), status('03')]) {
      expect(isRepeatable(message, soap)).to.equal(true)
      expect(isRepeatable(message, { ...soap, tellsRepeats: false })).to.equal(false)
    }
    for (const message of [letter('1'), letter('2'), letter('3'), status('05')])
      expect(isRepeatable(message, soap)).to.equal(false)
    expect(isRepeatable(status('03'), { ...soap, wire: 'rest' }), 'nothing says so').to.equal(false)
  })
})
