import { WSDL } from 'soap'
import { errorList, letterHeader, statusHeader, traceHeaders, type Element } from '../edxml/elements.ts'
import { edoc, operations, type Operation } from './names.ts'

const caller = ['OrganId', 'Token']

const text = (name: string, many = false): string =>
  `<xsd:element name="${name}" type="xsd:string" minOccurs="0"${many ? ' maxOccurs="unbounded"' : ''}/>`

const group = (name: string, inner: string, many = false): string =>
  `<xsd:element name="${name}" minOccurs="0"${many ? ' maxOccurs="unbounded"' : ''}><xsd:complexType><xsd:sequence>${inner}</xsd:sequence></xsd:complexType></xsd:element>`

/** What an element of edXML holds, all of it optional: what is missing is told in the report. */
const described = (name: string, { children, many }: Element): string => {
  if (children === undefined) return text(name, many)
  const inner = Object.entries(children).map(([each, child]) => described(each, child))
  return group(name, inner.join(''), many)
}

const status = described('Status', statusHeader)
const manifest = group(
  'Manifest',
  `<xsd:element name="Reference" minOccurs="0" maxOccurs="unbounded"><xsd:complexType><xsd:sequence>${['AttachmentName', 'ContentType', 'Description'].map((name) => text(name)).join('')}</xsd:sequence><xsd:anyAttribute processContents="lax"/></xsd:complexType></xsd:element>`,
)
const organisation = [
  ...['OrganId', 'OrganizationInCharge', 'OrganName', 'OrganAdd'],
  ...['Email', 'Telephone', 'Fax', 'Website', 'OldOrganId'],
]
const texts = (names: readonly string[]): string => names.map((name) => text(name)).join('')
const named = texts([...caller, 'DocumentId'])

/** Elements of a request's body, and of its answer beside the report; a document's own blocks are SOAP headers, its files parts. */
const elements: Readonly<Record<Operation, { readonly asked: string; readonly told: string }>> = {
  SendDocument: { asked: manifest, told: text('DocumentId') },
  UpdateTraces: { asked: status, told: '' },
  GetPendingDocumentIds: { asked: texts(caller), told: group('DocumentIds', text('DocumentId', true)) },
  GetDocument: { asked: named, told: '' },
  GetTraces: {
    asked: texts([...caller, 'Timestamp', 'DocumentId']),
    told: group('Traces', described('Status', { ...statusHeader, many: true })),
  },
  ConfirmReceived: { asked: named, told: '' },
  CheckPermission: { asked: texts(caller), told: '' },
  GetOrganizations: {
    asked: texts(caller),
    told: group('Organizations', group('Organization', texts(organisation), true)),
  },
}

const each = (write: (name: Operation) => string): string => operations.map(write).join('\n')

const schemaOf = (
  name: Operation,
): string => `<xsd:element name="${name}"><xsd:complexType><xsd:sequence>${elements[name].asked}</xsd:sequence></xsd:complexType></xsd:element>
<xsd:element name="${name}Response"><xsd:complexType><xsd:sequence><xsd:element name="Report" type="edXML:Report" minOccurs="0"/>${elements[name].told}</xsd:sequence></xsd:complexType></xsd:element>`

const topLevel = (element: string): string => element.replace(' minOccurs="0"', '')

/** SOAP headers of a document, and of what is sent about one. */
const headers: Readonly<Record<string, string>> = {
  Signature: group('Signature', group('KeyInfo', texts(caller))),
  MessageHeader: described('MessageHeader', letterHeader),
  TraceHeaderList: described('TraceHeaderList', traceHeaders),
  ErrorList: described('ErrorList', errorList),
}

const headerUse = (name: Operation): string =>
  (name === 'SendDocument' ? Object.keys(headers) : name === 'UpdateTraces' ? ['Signature'] : [])
    .map((part) => `<soap:header message="edXML:Headers" part="${part}" use="literal"/>`)
    .join('')

const bodyUse = '<soap:body use="literal"/>'

/** The bus's description of itself, as clients fetch it at `?wsdl`. `url`: where it is called. */
export const wsdlAt = (url: string): string => `<?xml version="1.0" encoding="utf-8"?>
<definitions xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/"
  xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:edXML="${edoc}" targetNamespace="${edoc}">
<types><xsd:schema targetNamespace="${edoc}" elementFormDefault="qualified">
<xsd:complexType name="Error"><xsd:sequence>${text('Code')}${text('Description')}</xsd:sequence></xsd:complexType>
<xsd:complexType name="ErrorList"><xsd:sequence><xsd:element name="Error" type="edXML:Error" minOccurs="0" maxOccurs="unbounded"/></xsd:sequence></xsd:complexType>
<xsd:complexType name="Report"><xsd:sequence><xsd:element name="IsSuccess" type="xsd:boolean"/><xsd:element name="ErrorList" type="edXML:ErrorList" minOccurs="0"/></xsd:sequence></xsd:complexType>
<xsd:element name="Report" type="edXML:Report"/>
${Object.values(headers).map(topLevel).join('\n')}
${each(schemaOf)}
</xsd:schema></types>
${each((name) => `<message name="${name}In"><part name="parameters" element="edXML:${name}"/></message><message name="${name}Out"><part name="parameters" element="edXML:${name}Response"/></message>`)}
<message name="Headers">${Object.keys(headers)
  .map((name) => `<part name="${name}" element="edXML:${name}"/>`)
  .join('')}</message>
<portType name="EdocPort">
${each((name) => `<operation name="${name}"><input message="edXML:${name}In"/><output message="edXML:${name}Out"/></operation>`)}
</portType>
<binding name="EdocBinding" type="edXML:EdocPort">
<soap:binding style="document" transport="http://schemas.xmlsoap.org/soap/http"/>
${each((name) => `<operation name="${name}"><soap:operation soapAction="${name}"/><input>${bodyUse}${headerUse(name)}</input><output>${bodyUse}</output></operation>`)}
</binding>
<service name="EdocService"><port name="EdocPort" binding="edXML:EdocBinding"><soap:address location="${url}"/></port></service>
</definitions>`

function ready(description: string): Promise<WSDL> {
  return new Promise((resolve, reject) => {
    const wsdl = new WSDL(description, '', {})
    wsdl.onReady((error: unknown) => {
      if (error instanceof Error) reject(error)
      else resolve(wsdl)
    })
  })
}

const wsdl = await ready(wsdlAt('/'))

/** An element of the bus in XML, in the order and the namespace that the description has. Texts are escaped. */
export const writeElement = (name: string, value: object): string =>
  wsdl.objectToDocumentXML(name, value, 'edXML', edoc) as string
