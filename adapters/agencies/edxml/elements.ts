/** The one namespace of both generations (edXML §0.2). */
export const qcvn = 'http://www.mic.gov.vn/TBT/QCVN_102_2016'

/** How the text of an element is read and written: `day` and `moment` in edXML's own forms (edXML §5), `organ` the code of an organisation. */
export type Leaf = 'text' | 'day' | 'moment' | 'organ'

/** What an element holds: text, or elements in the order in which the official client writes them. */
export interface Element {
  readonly leaf?: Leaf
  readonly children?: Readonly<Record<string, Element>>
  /** May be repeated. */
  readonly many?: true
}

const text: Element = { leaf: 'text' }
const day: Element = { leaf: 'day' }
const moment: Element = { leaf: 'moment' }
const organId: Element = { leaf: 'organ' }
const group = (children: Readonly<Record<string, Element>>): Element => ({ children })
const many = (element: Element): Element => ({ ...element, many: true })
const texts = (...names: readonly string[]): Readonly<Record<string, Element>> =>
  Object.fromEntries(names.map((name) => [name, text]))

const organ = group({
  OrganId: organId,
  ...texts('OrganizationInCharge', 'OrganName', 'OrganAdd', 'Email', 'Telephone', 'Fax', 'Website'),
})
const staff = group(texts('Department', 'DepartmentId', 'Staff', 'StaffId', 'Mobile', 'Email'))
const answered = group({ OrganId: organId, Code: text, PromulgationDate: day, DocumentId: text })

/** `MessageHeader` of a letter (edXML §3.1). */
export const letterHeader = group({
  From: organ,
  To: many(organ),
  DocumentId: text,
  Code: group(texts('CodeNumber', 'CodeNotation')),
  PromulgationInfo: group({ Place: text, PromulgationDate: day }),
  DocumentType: group(texts('Type', 'TypeDetail', 'TypeName')),
  Subject: text,
  Content: text,
  SignerInfo: group(texts('Competence', 'Position', 'FullName')),
  DueDate: day,
  OtherInfo: group({
    ...texts('Priority', 'SphereOfPromulgation', 'TyperNotation', 'PromulgationAmount', 'PageAmount'),
    ...texts('ReplyFors', 'Direction', 'ReferenceCodes'),
    Appendixes: group({ Appendix: many(text) }),
  }),
  ResponseFor: many(answered),
  SteeringType: text,
  ResponseForTask: group({ TaskCode: many(text) }),
  ApplicationType: text,
  ToPlaces: group({ Place: many(text) }),
})

/** `TraceHeaderList` (edXML §3.2); the official client writes `Bussiness` first. */
export const traceHeaders = group({
  Bussiness: group({
    ...texts('DocumentId', 'BussinessDocType', 'BussinessDocReason', 'Paper'),
    BussinessDocumentInfo: group({
      ...texts('DocumentInfo', 'DocumentReceiver'),
      ReceiverList: group({ Receiver: many(group({ OrganId: organId, ReceiverType: text })) }),
    }),
    ReplacementInfoList: group({
      ReplacementInfo: many(group({ DocumentId: text, OrganIdList: group({ OrganId: many(organId) }) })),
    }),
    StaffInfo: many(staff),
  }),
  TraceHeader: many(group({ OrganId: organId, Timestamp: moment })),
})

/** `MessageHeader` of a status (edXML §4). */
export const statusHeader = group({
  From: organ,
  ResponseFor: answered,
  StaffInfo: staff,
  ...texts('StatusCode', 'Description'),
  Timestamp: moment,
})

/** What a manifest and an attachment say of a file (edXML §3.3). */
export const attachmentFields = group(
  texts('ContentId', 'AttachmentName', 'ContentType', 'Description', 'FieldName', 'MimeType', 'Format'),
)

export const errorList = group({ Error: many(group(texts('Code', 'Description'))) })
