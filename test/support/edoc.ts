/** A request of the bus as a .NET client writes it: boundary bare, `text/xml` first, files as binary parts (edXML §8.4). */
export interface BusRequest {
  readonly body: Buffer
  readonly contentType: string
  readonly soapAction: string
}

interface Given {
  readonly token?: string
  /** Who asks. */
  readonly organ?: string
  readonly documentId?: string
  /** Content by id of its part. */
  readonly files?: Readonly<Record<string, string>>
  readonly to?: string
  readonly subject?: string
  /** Of `GetTraces`. */
  readonly timestamp?: string
}

const organ = '000.00.05.H49'
const ns = 'xmlns="http://www.e-doc.vn/Schema/"'

const signature = (token: string, organId: string) =>
  `<Signature ${ns}><KeyInfo><OrganId>${organId}</OrganId><Token>${token}</Token></KeyInfo></Signature>`

const letter = ({
  to = '000.00.00.H37',
  subject = 'Thử gửi qua bus',
  documentId = `${organ},2026/11/20,27/STN`,
}: Given) =>
  `<MessageHeader ${ns}>
<From><OrganId>${organ}</OrganId><OrganName>Sở Thử nghiệm</OrganName></From>
<To><OrganId>${to}</OrganId><OrganName>Tỉnh Mẫu</OrganName></To>
<DocumentId>${documentId}</DocumentId>
<Code><CodeNumber>27</CodeNumber><CodeNotation>STN</CodeNotation></Code>
<PromulgationInfo><PromulgationDate>2026/11/20</PromulgationDate><Place>Mẫu</Place></PromulgationInfo>
<DocumentType><Type>2</Type><TypeName>Công văn</TypeName></DocumentType><Subject>${subject}</Subject><Content></Content>
<SignerInfo><FullName>Trần Ví Dụ</FullName><Position>Giám đốc</Position><Competence/></SignerInfo><DueDate/>
<OtherInfo><Priority>0</Priority></OtherInfo><SteeringType>0</SteeringType>
</MessageHeader><TraceHeaderList ${ns}>
<TraceHeader><OrganId>${organ}</OrganId><Timestamp>20/11/2026 09:15:00</Timestamp></TraceHeader>
<Business><BusinessDocType>0</BusinessDocType><BusinessDocReason>Văn bản mới</BusinessDocReason><Paper>0</Paper></Business>
</TraceHeaderList><ErrorList ${ns}/>`

/** In the body and without a namespace, where the bus looks for it. */
const status = ({
  organ: from = organ,
  to = '000.00.00.H49',
  documentId = 'H37,2026/11/01,9/UB',
}: Given) => `<Status>
<From><OrganId>${from}</OrganId><OrganName>Sở Thử nghiệm</OrganName></From>
<ResponseFor><OrganId>${to}</OrganId><Code>9/UB</Code><PromulgationDate>2026/11/01</PromulgationDate><DocumentId>${documentId}</DocumentId></ResponseFor>
<StatusCode>03</StatusCode><Description>Đã vào sổ</Description><Timestamp>2026/11/20 10:02:31</Timestamp></Status>`

const manifest = `<Manifest ${ns}><Reference xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="cid:tep-1" xlink:type="simple"><AttachmentName>cong-van.pdf</AttachmentName><Description/></Reference></Manifest>`

const requestName = (operation: string): string =>
  ['GetPendingDocumentIds', 'GetDocument'].includes(operation) ? `${operation}Request` : operation

/** Any request: `SendDocument` and `UpdateTraces` with an invented document, all others with what is asked in the body. */
export function busRequest(operation: string, given: Given = {}): BusRequest {
  const { token = 'khóa-thử', files = {}, documentId = '', timestamp = '', organ: asking = organ } = given
  const documents: Readonly<Record<string, readonly [header: string, body: string]>> = {
    SendDocument: [signature(token, asking) + letter(given), manifest],
    UpdateTraces: [signature(token, asking), status(given)],
    CheckPermission: [
      `<CheckPermission><OrganId>${organ}</OrganId><Token>${token}</Token></CheckPermission>`,
      '',
    ],
  }
  const name = requestName(operation)
  const asked = `<${name}><Token>${token}</Token><OrganId>${asking}</OrganId><documentId>${documentId}</documentId><Timestamp>${timestamp}</Timestamp></${name}>`
  const [header, body] = documents[operation] ?? ['', asked]
  const xml = `<SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/"><SOAP-ENV:Header>${header}</SOAP-ENV:Header><SOAP-ENV:Body>${body}</SOAP-ENV:Body></SOAP-ENV:Envelope>`
  const parts = Object.entries(files).map(([id, content]) => part(`<${id}>`, 'application/pdf', content))
  const root = part('<Start>', 'text/xml; charset=utf-8', xml)
  return {
    body: Buffer.from(`${root}${parts.join('')}--Boundary--\r\n`),
    contentType: 'multipart/related;type="text/xml";boundary="Boundary";start="Start"',
    soapAction: operation,
  }
}

const part = (id: string, type: string, content: string) =>
  `--Boundary\r\nContent-Type: ${type}\r\nContent-Transfer-Encoding: 8bit\r\nContent-ID:${id}\r\n\r\n${content}\r\n`
