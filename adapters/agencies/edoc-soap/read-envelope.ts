import { GatewayError } from '../../../schemas/errors.ts'
import { createTreeReader } from '../edxml/read-tree.ts'
import { childOf, type Node } from '../edxml/tree.ts'
import { soapEnvelope, operations, type Operation } from './names.ts'

/** A request or an answer of the bus, without its attachments. */
export interface Envelope {
  readonly header: Node | undefined
  readonly body: Node | undefined
  /** The first element of the body. */
  readonly content: Node | undefined
}

const namespaces: readonly string[] = [soapEnvelope, 'http://www.w3.org/2003/05/soap-envelope']

/** Reads an envelope of either version of SOAP. Throws `malformed_xml` or `too_large`. */
export function readEnvelope(xml: Uint8Array): Envelope {
  const tree = createTreeReader()
  tree.write(utf8Of(xml))
  const root = tree.end()
  if (root.name !== 'Envelope' || !namespaces.includes(root.namespace))
    throw new GatewayError('malformed_xml', { field: 'Envelope', reason: 'not a SOAP envelope' })
  const body = childOf(root, 'Body')
  return { header: childOf(root, 'Header'), body, content: body?.children[0] }
}

function utf8Of(xml: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(xml)
  } catch (cause) {
    throw new GatewayError('malformed_xml', { reason: 'not UTF-8', cause })
  }
}

const isOperation = (name: string): name is Operation => (operations as readonly string[]).includes(name)

/** What a SOAPAction names: quoted or not, in full or by its last word. */
export function operationIn(soapAction: string): Operation | undefined {
  const word = soapAction.replace(/^"|"$/g, '').replace(/^.*[/:#]/, '')
  return isOperation(word) ? word : undefined
}

/** What is asked: by the SOAPAction, else by the element in the body, else by the blocks of a document. Throws `not_found`. */
export function operationOf({ header, body, content }: Envelope, soapAction: string): Operation {
  const element = (content?.name ?? '').replace(/Request$/, '')
  const block = childOf(header, 'Status', 'MessageHeader') ?? childOf(body, 'Status')
  const isStatus = block?.name === 'Status' || childOf(block, 'StatusCode') !== undefined
  const told = block === undefined ? '' : isStatus ? 'UpdateTraces' : 'SendDocument'
  const found = operationIn(soapAction) ?? [element, told].find(isOperation)
  if (found === undefined)
    throw new GatewayError('not_found', {
      field: 'SOAPAction',
      reason: soapAction.slice(0, 100) || 'missing',
    })
  return found
}

const textIn = (node: Node | undefined, name: string): string => (childOf(node, name)?.text ?? '').trim()

/** Who asks: in the signature's `KeyInfo`, in `CheckPermission`, beside it in the header, or in the body (edXML §6.1, §8.4). */
export function credentialsOf({ header, content }: Envelope): {
  readonly organId: string
  readonly token: string
} {
  const places = [
    childOf(childOf(header, 'Signature'), 'KeyInfo'),
    childOf(header, 'CheckPermission'),
    content,
  ]
  const place = places.find((node) => textIn(node, 'OrganId') !== '')
  return { organId: textIn(place, 'OrganId'), token: textIn(place, 'Token') || textIn(header, 'Token') }
}
