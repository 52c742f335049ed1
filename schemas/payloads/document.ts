import { code, count, date, digits, key, list, number, part, prose, record, text, yesNo } from '../fields.ts'

const organ = {
  OrganId: code,
  OrganizationInCharge: text(),
  OrganName: text(),
  OrganAdd: text(),
  Email: text(),
  Telephone: text(),
  Fax: text(),
  Website: text(),
}

const staff = {
  Department: text(),
  DepartmentId: code,
  Staff: text(),
  StaffId: code,
  Mobile: text(),
  Email: text(),
}

/** The document that is answered, revoked or reported on. */
const answered = { OrganId: code, Code: code, PromulgationDate: date, DocumentId: code }

const attachment = record({
  ContentId: code,
  AttachmentName: text(),
  /** As the sender declares it, which need not be so. */
  ContentType: code,
  Description: text(),
  FieldName: text(),
  MimeType: code,
  Format: code,
  /** Bytes, hex SHA-256 and place of the file: files travel beside the payload, not in it. */
  Size: count,
  Digest: code,
  Url: text(),
  /** What was found wrong with the file on its way, such as `corrupt-pdf`. */
  Fault: code,
})

const otherInfo = {
  Priority: code,
  SphereOfPromulgation: text(),
  TyperNotation: text(),
  PromulgationAmount: count,
  PageAmount: count,
  ReplyFors: text(),
  Direction: yesNo,
  ReferenceCodes: text(),
  Appendixes: part({ Appendix: list(text()) }),
}

const receiver = { OrganId: code, ReceiverType: code }
const replaced = { DocumentId: code, OrganIdList: part({ OrganId: list(code) }) }

/** What is meant by the letter: a new one, a revocation, an update, a replacement (edXML axis §3.2, §10.4). */
const business = {
  DocumentId: code,
  BussinessDocType: digits,
  BussinessDocReason: prose,
  Paper: yesNo,
  BussinessDocumentInfo: part({
    DocumentInfo: yesNo,
    DocumentReceiver: yesNo,
    ReceiverList: part({ Receiver: list(record(receiver)) }),
  }),
  ReplacementInfoList: part({ ReplacementInfo: list(record(replaced)) }),
  StaffInfo: list(record(staff)),
}

const letter = record({
  DocumentId: key(),
  From: part(organ),
  To: list(record(organ), 1000),
  Code: part({ CodeNumber: code, CodeNotation: code }),
  PromulgationInfo: part({ Place: text(), PromulgationDate: date }),
  DocumentType: part({ Type: digits, TypeDetail: number, TypeName: text() }),
  Subject: prose,
  Content: prose,
  SignerInfo: part({ Competence: text(), Position: text(), FullName: text() }),
  DueDate: date,
  OtherInfo: part(otherInfo),
  ResponseFor: list(record(answered)),
  SteeringType: code,
  ResponseForTask: part({ TaskCode: list(code) }),
  ApplicationType: code,
  ToPlaces: part({ Place: list(text()) }),
  /** The hops so far, oldest first. */
  TraceHeaderList: part({ TraceHeader: list(record({ OrganId: code, Timestamp: date })) }),
  Bussiness: part(business),
  Attachments: list(attachment),
})

/** `DocumentId` is that of the letter the status speaks of, so that both share one order. */
const status = record({
  DocumentId: key(),
  From: part(organ),
  ResponseFor: part(answered),
  StaffInfo: part(staff),
  StatusCode: digits,
  Description: prose,
  Timestamp: date,
})

/** Payloads of the document family: edXML letters and their states, with edXML's own names (edXML axis §3, §4). */
export const documentPayloads = { letter, status }
