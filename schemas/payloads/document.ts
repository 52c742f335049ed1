import { code, date, digits, key, list, part, prose, record, text } from '../fields.ts'

const organ = { OrganId: code, OrganName: text(), OrganAdd: text(), Email: text(), Telephone: text() }
const staff = part({ Department: text(), Staff: text(), Mobile: text(), Email: text() })

const attachment = record({
  ContentId: code,
  AttachmentName: text(),
  ContentType: code,
  Description: text(),
  /** Hex SHA-256 and place of the file: files travel beside the payload, not in it. */
  Digest: code,
  Url: text(),
})

const letter = record({
  DocumentId: key(),
  From: part(organ),
  To: list(record(organ), 1000),
  Code: part({ CodeNumber: code, CodeNotation: code }),
  PromulgationInfo: part({ Place: text(), PromulgationDate: date }),
  DocumentType: part({ Type: digits, TypeName: text() }),
  Subject: prose,
  Content: prose,
  SignerInfo: part({ Competence: text(), Position: text(), FullName: text() }),
  DueDate: date,
  OtherInfo: part({ Priority: code }),
  SteeringType: code,
  Bussiness: part({ BussinessDocType: digits, BussinessDocReason: prose, DocumentId: code }),
  Attachments: list(attachment),
})

/** `DocumentId` is that of the letter the status speaks of, so that both share one order. */
const status = record({
  DocumentId: key(),
  From: part(organ),
  ResponseFor: part({ OrganId: code, Code: code, PromulgationDate: date, DocumentId: code }),
  StaffInfo: staff,
  StatusCode: digits,
  Description: prose,
  Timestamp: date,
})

/** Payloads of the document family: edXML letters and their states, with edXML's own names (edXML axis §3, §4). */
export const documentPayloads = { letter, status }
