import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { listen, type IServices, type Server } from 'soap'

/** A ministry's description as .NET writes one: a part in a namespace of its own, typed dates, and an order that no field list has. */
export const ministryWsdl = `<?xml version="1.0" encoding="utf-8"?>
<wsdl:definitions xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/"
  xmlns:s="http://www.w3.org/2001/XMLSchema" xmlns:tns="http://bo.example.vn/" xmlns:d="http://bo.example.vn/du-lieu" targetNamespace="http://bo.example.vn/">
  <wsdl:types>
    <s:schema elementFormDefault="qualified" targetNamespace="http://bo.example.vn/du-lieu">
      <s:complexType name="HoSo"><s:sequence>
        <s:element name="NgayNhan" type="s:dateTime" minOccurs="0"/>
        <s:element name="So" type="s:string"/>
        <s:element name="ThuTuc" type="s:string" minOccurs="0"/>
        <s:element name="Tep" type="d:Tep" minOccurs="0" maxOccurs="unbounded"/>
      </s:sequence></s:complexType>
      <s:complexType name="Tep"><s:sequence><s:element name="Ten" type="s:string"/></s:sequence></s:complexType>
    </s:schema>
    <s:schema elementFormDefault="qualified" targetNamespace="http://bo.example.vn/">
      <s:import namespace="http://bo.example.vn/du-lieu"/>
      <s:element name="TiepNhan"><s:complexType><s:sequence>
        <s:element name="matKhau" type="s:string" minOccurs="0"/>
        <s:element name="hoSo" type="d:HoSo"/>
      </s:sequence></s:complexType></s:element>
      <s:element name="TiepNhanResponse"><s:complexType><s:sequence>
        <s:element name="TiepNhanResult" type="tns:KetQua"/>
      </s:sequence></s:complexType></s:element>
      <s:complexType name="KetQua"><s:sequence>
        <s:element name="Ma" type="s:string"/><s:element name="MoTa" type="s:string" minOccurs="0"/>
      </s:sequence></s:complexType>
    </s:schema>
  </wsdl:types>
  <wsdl:message name="TiepNhanIn"><wsdl:part name="parameters" element="tns:TiepNhan"/></wsdl:message>
  <wsdl:message name="TiepNhanOut"><wsdl:part name="parameters" element="tns:TiepNhanResponse"/></wsdl:message>
  <wsdl:portType name="HoSoSoap"><wsdl:operation name="TiepNhan">
    <wsdl:input message="tns:TiepNhanIn"/><wsdl:output message="tns:TiepNhanOut"/>
  </wsdl:operation></wsdl:portType>
  <wsdl:binding name="HoSoSoap" type="tns:HoSoSoap">
    <soap:binding style="document" transport="http://schemas.xmlsoap.org/soap/http"/>
    <wsdl:operation name="TiepNhan">
      <soap:operation soapAction="http://bo.example.vn/TiepNhan" style="document"/>
      <wsdl:input><soap:body use="literal"/></wsdl:input><wsdl:output><soap:body use="literal"/></wsdl:output>
    </wsdl:operation>
  </wsdl:binding>
  <wsdl:service name="HoSo"><wsdl:port name="HoSoSoap" binding="tns:HoSoSoap">
    <soap:address location="http://noi-bo.invalid/HoSo.asmx"/>
  </wsdl:port></wsdl:service>
</wsdl:definitions>`

export interface Ministry {
  readonly url: string
  readonly server: Server
  /** What its operation was called with. */
  readonly calls: readonly unknown[]
  /** The requests as they came. */
  readonly requests: readonly string[]
  /** How it answers from now on; a thrown `{ Fault }` becomes one. */
  answer(how: (asked: unknown) => unknown): void
}

/** A ministry's SOAP service, lent to a test. It answers the code 00 unless told otherwise. */
export async function withMinistry(
  use: (ministry: Ministry) => Promise<void>,
  wsdl = ministryWsdl,
): Promise<void> {
  const calls: unknown[] = []
  const requests: string[] = []
  let how: (asked: unknown) => unknown = () => ({ TiepNhanResult: { Ma: '00', MoTa: 'Thành công' } })
  const operation = (asked: unknown): unknown => {
    calls.push(asked)
    return how(asked)
  }
  const http = createServer((_req, res) => res.writeHead(404).end())
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const services = { HoSo: { HoSoSoap: { TiepNhan: operation } } } as IServices
  const server = listen(http, '/HoSo.asmx', services, wsdl)
  server.log = (type, data: unknown) => {
    if (type === 'received') requests.push(String(data))
  }
  try {
    const { port } = http.address() as AddressInfo
    await use({
      ...{ url: `http://127.0.0.1:${port}/HoSo.asmx`, server, calls, requests },
      answer(next) {
        how = next
      },
    })
  } finally {
    http.closeAllConnections()
    await new Promise((resolve) => http.close(resolve))
  }
}
