/** Of everything that the bus says itself (edXML §8.4). */
export const edoc = 'http://www.e-doc.vn/Schema/'
export const soapEnvelope = 'http://schemas.xmlsoap.org/soap/envelope/'
export const xlink = 'http://www.w3.org/1999/xlink'

/** What is asked of the bus, by the SOAPAction. */
export const operations = [
  'SendDocument',
  'UpdateTraces',
  'GetPendingDocumentIds',
  'GetDocument',
  'GetTraces',
  'ConfirmReceived',
  'CheckPermission',
  'GetOrganizations',
] as const

export type Operation = (typeof operations)[number]

/** The element of a request's body, where the bus does not call it as the operation; it reads them in no namespace. */
const requestNames: Partial<Record<Operation, string>> = {
  GetPendingDocumentIds: 'GetPendingDocumentIdsRequest',
  GetDocument: 'GetDocumentRequest',
}

export const requestName = (operation: Operation): string => requestNames[operation] ?? operation
