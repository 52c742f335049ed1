import fc from 'fast-check'
import { expect } from 'chai'
import { fileLink } from '../../../../schemas/file-links.ts'
import type { Payload } from '../../../../schemas/message.ts'
import { parsePayload } from '../../../../schemas/parse.ts'
import { memoryFiles } from '../../../support/memory-files.ts'
import { signers } from './signed.ts'
import { read, stored, write } from './support.ts'

/** Text as XML can carry it, with what has to be escaped; never empty, since empty and missing are one. */
const text = (maxLength: number) =>
  fc
    .string({
      unit: fc.constantFrom('a', 'Đ', ' ', 'ộ', '&', '<', '>', '"', "'", '\n', '\t', 'z', '9', '/'),
      minLength: 1,
      maxLength,
    })
    .filter((value) => value.trim() !== '')
/** A code is of one line. */
const coded = (maxLength: number) => text(maxLength).map((value) => value.replace(/[\n\t]/g, '-'))
const name = fc.constantFrom('SoTrang', 'Truong_La', 'Đơn.vị', 'x1')
const organ = fc.record({ OrganId: fc.constantFrom('H49.05', 'G22', 'H37.DN.001'), OrganName: text(40) })
const date = fc.integer({ min: 0, max: 40_000 }).map((days) => {
  const day = new Date(Date.UTC(1990, 0, 1) + days * 86_400_000).toISOString().slice(0, 10)
  return day.replaceAll('-', '')
})
const day = date.map((digits) => `${digits}000000`)
const moment = date.map((digits) => `${digits}081502`)
const unknown = fc.dictionary(name, fc.oneof(text(20), fc.record({ Con: text(9), '@kieu': text(9) })), {
  maxKeys: 2,
})
const answered = fc.record({
  OrganId: fc.constant('G22'),
  Code: coded(20),
  PromulgationDate: day,
  DocumentId: coded(20),
})

const business = fc.record({
  BussinessDocType: fc.constantFrom('0', '1', '2', '3', '9'),
  BussinessDocReason: text(60),
  BussinessDocumentInfo: fc.record({
    DocumentReceiver: fc.constant('1'),
    ReceiverList: fc.record({
      Receiver: fc.tuple(fc.record({ OrganId: fc.constant('H37'), ReceiverType: fc.constant('1') })),
    }),
  }),
  ReplacementInfoList: fc.record({
    ReplacementInfo: fc.tuple(
      fc.record({ DocumentId: coded(20), OrganIdList: fc.record({ OrganId: fc.tuple(fc.constant('G22')) }) }),
    ),
  }),
})

const letter = fc
  .record(
    {
      ...{ DocumentId: coded(40), From: organ, Subject: text(200), Content: text(200) },
      To: fc.uniqueArray(organ, { selector: ({ OrganId }) => OrganId, minLength: 1 }),
      Code: fc.record({ CodeNumber: coded(11), CodeNotation: coded(30) }),
      PromulgationInfo: fc.record({ Place: text(20), PromulgationDate: day }),
      DocumentType: fc.record({ Type: fc.constantFrom('1', '2', '18'), TypeName: text(20) }),
      OtherInfo: fc.record({
        Priority: fc.constantFrom('0', '4'),
        PageAmount: fc.constant('12'),
        Appendixes: fc.record({ Appendix: fc.tuple(text(20), text(20)) }),
      }),
      ResponseFor: fc.array(answered, { minLength: 1, maxLength: 2 }),
      SteeringType: fc.constantFrom('0', '1', '2'),
      ToPlaces: fc.record({ Place: fc.array(text(30), { minLength: 1, maxLength: 3 }) }),
      TraceHeaderList: fc.record({
        TraceHeader: fc.array(fc.record({ OrganId: fc.constant('G22'), Timestamp: moment }), {
          minLength: 1,
          maxLength: 3,
        }),
      }),
      ...{ Bussiness: business, DueDate: day, more: unknown },
    },
    {
      requiredKeys: [
        'DocumentId',
        'From',
        'To',
        'DocumentType',
        'OtherInfo',
        'SteeringType',
        'TraceHeaderList',
        'Bussiness',
      ],
    },
  )
  .map(({ more = {}, ...fields }): Payload => ({ ...more, ...fields }))

const status = fc
  .record({
    From: organ,
    ResponseFor: answered,
    StatusCode: fc.constantFrom('01', '06', '16', '44'),
    Description: text(90),
    Timestamp: moment,
    more: unknown,
  })
  .map(({ more, ...fields }): Payload => ({ ...more, ...fields, DocumentId: fields.ResponseFor.DocumentId }))

const attachment = fc.record({
  name: fc.constantFrom('a.pdf', 'b.png', 'c.xlsx', 'd', 'e.zip'),
  bytes: fc.uint8Array({ minLength: 1, maxLength: 90 }),
})

describe('edXML, decode of encode', () => {
  it('is the letter, with its files, in either generation, unsigned and signed', () =>
    fc.assert(
      fc.asyncProperty(
        letter,
        fc.array(attachment, { maxLength: 3 }),
        fc.constantFrom(
          ...(['2016', '2022'] as const).flatMap((generation) =>
            (['axis', 'peer'] as const).map((signatureProfile) => ({ generation, signatureProfile })),
          ),
        ),
        async (fields, given, written) => {
          const [before, after] = [memoryFiles(), memoryFiles({ ...signers, maySignFor: () => true })]
          const options = { ...written, codes: { '000.00.05.H49': 'H49.05' } } as const
          const rows = []
          for (const [at, { name: AttachmentName, bytes }] of given.entries()) {
            const file = await before.keep([Buffer.from(bytes)] as never)
            rows.push({
              ...{ ContentId: `t${at}`, AttachmentName, ContentType: file.mediaType },
              ...{ Size: String(file.size), Digest: file.digest, Url: fileLink(file) },
            })
          }
          const payload = { ...fields, Attachments: rows }
          const xml = await write(stored('document.letter', payload), { options, files: before })
          const again = await read(xml, { options, files: after })
          expect(again.signature).to.equal(written.signatureProfile === 'peer' ? 'verified' : 'none')
          const seen = ((again.payload['Attachments'] ?? []) as readonly Payload[]).map((row) => ({
            ...row,
            Url: '',
          }))
          expect(seen).to.deep.equal(rows.map((row) => ({ ...row, Url: '' })))
          expect({ ...again.payload, Attachments: [] }).to.deep.equal({ ...payload, Attachments: [] })
          parsePayload(again.action, again.payload)
        },
      ),
      { numRuns: 120 },
    ))

  it('is the status', () =>
    fc.assert(
      fc.asyncProperty(status, async (payload) => {
        const again = await read(await write(stored('document.status', payload)))
        expect(again.payload).to.deep.equal(payload)
        parsePayload(again.action, again.payload)
      }),
      { numRuns: 60 },
    ))
})
