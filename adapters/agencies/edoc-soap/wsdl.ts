import { WSDL } from 'soap'
import { edoc, operations, type Operation } from './names.ts'

const caller = ['OrganId', 'Token']

/** Elements of a request's body, and of its answer; a document's own parts are in the SOAP header and beside it. */
const elements: Readonly<Record<Operation, { readonly asked: readonly string[]; readonly told: string }>> = {
  SendDocument: { asked: [], told: 'DocumentId' },
  UpdateTraces: { asked: [], told: '' },
  GetPendingDocumentIds: { asked: caller, told: 'DocumentId' },
  GetDocument: { asked: [...caller, 'DocumentId'], told: '' },
  GetTraces: { asked: caller, told: '' },
  ConfirmReceived: { asked: [...caller, 'DocumentId'], told: '' },
  CheckPermission: { asked: caller, told: '' },
  GetOrganizations: { asked: caller, told: '' },
}

const each = (write: (name: Operation) => string): string => operations.map(write).join('\n')
const text = (name: string, many = ''): string =>
  `<xsd:element name="${name}" type="xsd:string" minOccurs="0"${many}/>`

const schemaOf = (
  name: Operation,
): string => `<xsd:element name="${name}"><xsd:complexType><xsd:sequence>${elements[name].asked
  .map((each) => text(each))
  .join('')}</xsd:sequence></xsd:complexType></xsd:element>
<xsd:element name="${name}Response"><xsd:complexType><xsd:sequence>${
  elements[name].told === '' ? '' : text(elements[name].told, ' maxOccurs="unbounded"')
}<xsd:element name="Report" type="edXML:Report" minOccurs="0"/></xsd:sequence></xsd:complexType></xsd:element>`

const bodyUse = '<soap:body use="literal"/>'

/** The bus's description of itself, as clients fetch it at `?wsdl`. `url`: where it is called. */
export const wsdlAt = (url: string): string => `<?xml version="1.0" encoding="utf-8"?>
<definitions xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/"
  xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:edXML="${edoc}" targetNamespace="${edoc}">
<types><xsd:schema targetNamespace="${edoc}" elementFormDefault="qualified">
<xsd:complexType name="Error"><xsd:sequence>${text('Code')}${text('Description')}</xsd:sequence></xsd:complexType>
<xsd:complexType name="ErrorList"><xsd:sequence><xsd:element name="Error" type="edXML:Error" minOccurs="0" maxOccurs="unbounded"/></xsd:sequence></xsd:complexType>
<xsd:complexType name="Report"><xsd:sequence><xsd:element name="IsSuccess" type="xsd:boolean"/><xsd:element name="ErrorList" type="edXML:ErrorList" minOccurs="0"/></xsd:sequence></xsd:complexType>
${each(schemaOf)}
</xsd:schema></types>
${each((name) => `<message name="${name}In"><part name="parameters" element="edXML:${name}"/></message><message name="${name}Out"><part name="parameters" element="edXML:${name}Response"/></message>`)}
<portType name="EdocPort">
${each((name) => `<operation name="${name}"><input message="edXML:${name}In"/><output message="edXML:${name}Out"/></operation>`)}
</portType>
<binding name="EdocBinding" type="edXML:EdocPort">
<soap:binding style="document" transport="http://schemas.xmlsoap.org/soap/http"/>
${each((name) => `<operation name="${name}"><soap:operation soapAction="${name}"/><input>${bodyUse}</input><output>${bodyUse}</output></operation>`)}
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
