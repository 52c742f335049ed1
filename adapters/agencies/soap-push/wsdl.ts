import type { SoapOptions } from './options.ts'

const prolog = '<?xml version="1.0" encoding="utf-8"?>'

const quoted = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/"/g, '&quot;')

/** The service's own description, or one that says no more than the names of its operations. */
export function wsdlOf({ wsdl, namespace = '', operations }: SoapOptions): string {
  // Without its prolog the library would take a text for the name of a file.
  if (wsdl !== undefined) return prolog + wsdl.replace(/^\s*(?:<\?xml[^>]*\?>)?/, '')
  const names = [...new Set(Object.values(operations).map(({ name }) => name))]
  const each = (write: (name: string) => string): string => names.map(write).join('')
  const uri = quoted(namespace)
  return `${prolog}
<definitions xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/"
  xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:tns="${uri}" targetNamespace="${uri}">
<types><xsd:schema targetNamespace="${uri}" elementFormDefault="qualified">
${each((name) => `<xsd:element name="${name}"/><xsd:element name="${name}Response"/>`)}
</xsd:schema></types>
${each((name) => `<message name="${name}In"><part name="parameters" element="tns:${name}"/></message>`)}
${each((name) => `<message name="${name}Out"><part name="parameters" element="tns:${name}Response"/></message>`)}
<portType name="Port">
${each((name) => `<operation name="${name}"><input message="tns:${name}In"/><output message="tns:${name}Out"/></operation>`)}
</portType>
<binding name="Binding" type="tns:Port">
<soap:binding style="document" transport="http://schemas.xmlsoap.org/soap/http"/>
${each((name) => `<operation name="${name}"><soap:operation/><input><soap:body use="literal"/></input><output><soap:body use="literal"/></output></operation>`)}
</binding>
<service name="Service"><port name="Port" binding="tns:Binding"><soap:address location="/"/></port></service>
</definitions>`
}
