import { isUtf8 } from 'node:buffer'
import { ParseOption, XmlC14NMode, XmlDocument, XmlLibError, type XmlElement } from 'libxml2-wasm'
import { GatewayError } from '../schemas/errors.ts'

/**
 * Largest XML read on the main thread: beyond it the event loop is held too long. `attributes` is for one element:
 * canonical form sorts them in quadratic time (190,000 in one tag of 2 MB took 80 s).
 */
export const xmlLimits = {
  bytes: 2 * 1024 * 1024,
  elements: 50_000,
  attributes: 64,
  namespaces: 1_000,
} as const

const lessThan = 0x3c
const slash = 0x2f
const mark = 0x21
const question = 0x3f
const greaterThan = 0x3e
const quote = 0x22
const apostrophe = 0x27
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf])
const declaration =
  /^<\?xml\s+version=(["'])1\.0\1(?:\s+encoding=(["'])utf-8\2)?(?:\s+standalone=(["'])(?:yes|no)\3)?\s*\?>/i

const malformed = (reason: string, cause?: unknown): GatewayError =>
  new GatewayError('malformed_xml', { reason, cause })
const tooLarge = (reason: string): GatewayError => new GatewayError('too_large', { reason })

/** Offset of the first byte of markup. */
const startOf = (xml: Buffer): number => {
  const afterMark = xml.subarray(0, 3).equals(byteOrderMark) ? 3 : 0
  const head = xml.toString('latin1', afterMark, afterMark + 120)
  return afterMark + (declaration.exec(head)?.[0].length ?? 0)
}

/** Counts the attributes of the tag that opens before `from`. A value may hold `>`, so quotes are skipped in pairs; none holds `<`. */
const checkAttributes = (xml: Buffer, from: number): void => {
  let count = 0
  for (let at = from, byte = xml[at]; byte !== greaterThan && byte !== lessThan; byte = xml[++at]) {
    if (byte === undefined) return
    if (byte !== quote && byte !== apostrophe) continue
    at = xml.indexOf(byte, at + 1)
    if (at < 0) return
    if (++count > xmlLimits.attributes) throw tooLarge('too many attributes in one element')
  }
}

/** Well-formed text holds no bare `<`, so the byte after each one tells what it opens: `<!` a DOCTYPE, comment or CDATA, `<?` an instruction. */
const checkMarkup = (xml: Buffer): void => {
  let elements = 0
  for (let at = xml.indexOf(lessThan, startOf(xml)); at >= 0; at = xml.indexOf(lessThan, at + 1)) {
    const next = xml[at + 1]
    if (next === slash) continue
    if (next === mark) throw malformed('DOCTYPE, entities, comments and CDATA are not accepted')
    if (next === question) throw malformed('processing instructions are not accepted')
    if (++elements > xmlLimits.elements) throw tooLarge(`more than ${xmlLimits.elements} elements`)
    checkAttributes(xml, at + 1)
  }
}

const checkNamespaces = (xml: Buffer): void => {
  let count = 0
  for (let at = xml.indexOf('xmlns'); at >= 0; at = xml.indexOf('xmlns', at + 5)) count += 1
  if (count > xmlLimits.namespaces) throw tooLarge('too many namespace declarations')
}

/** What can be said of XML without looking at its markup. */
export function checkXmlText(xml: Buffer): void {
  if (xml.length > xmlLimits.bytes) throw tooLarge(`more than ${xmlLimits.bytes} bytes of XML`)
  if (!isUtf8(xml) || xml.includes(0)) throw malformed('XML must be UTF-8')
}

/** What can be said of XML without parsing it. */
export function checkXmlBytes(xml: Buffer): void {
  checkXmlText(xml)
  checkMarkup(xml)
  checkNamespaces(xml)
}

const unreadable = (cause: unknown): GatewayError => {
  const detail = cause instanceof XmlLibError ? cause.details[0] : undefined
  if (detail === undefined) return malformed('not well-formed', cause)
  const reason = `${detail.message.trim()} (line ${detail.line}, column ${detail.col})`
  return /depth/i.test(reason) ? tooLarge(reason) : malformed(reason, cause)
}

const parse = (xml: Buffer): XmlDocument => {
  try {
    return XmlDocument.fromBuffer(xml, {
      encoding: 'utf-8',
      option: ParseOption.XML_PARSE_NONET | ParseOption.XML_PARSE_NO_XXE,
    })
  } catch (cause) {
    throw unreadable(cause)
  }
}

/**
 * Parses XML and lends the document to `use`; it is disposed of afterwards, whatever happens, so `use` returns plain values.
 * At most 2 MiB and 50,000 elements (`too_large`); UTF-8 without DOCTYPE, entities, comments, CDATA or processing
 * instructions (`malformed_xml`, with line and column where known).
 */
export function parseXml<T>(bytes: Uint8Array, use: (document: XmlDocument) => T): T {
  const xml = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  checkXmlBytes(xml)
  const document = parse(xml)
  try {
    if (document.dtd !== null) throw malformed('DOCTYPE is not accepted')
    return use(document)
  } finally {
    document.dispose()
  }
}

const forms = {
  exclusive: XmlC14NMode.XML_C14N_EXCLUSIVE_1_0,
  inclusive: XmlC14NMode.XML_C14N_1_0,
} as const
export type CanonicalForm = keyof typeof forms

/**
 * Canonical form (without comments), exclusive unless said, of a document, or of an element as a document of its own; `malformed_xml` where there is
 * none, as with a relative namespace. Of an element, libxml2-wasm calls back for every node: 15 × slower.
 */
export function canonicalize(whole: XmlDocument | XmlElement, form: CanonicalForm = 'exclusive'): Buffer {
  const chunks: Buffer[] = []
  const write = (chunk: Uint8Array): number => chunks.push(Buffer.from(chunk)) && chunk.length
  try {
    whole.canonicalize({ write, close: () => true }, { mode: forms[form], withComments: false })
  } catch (cause) {
    throw malformed('has no canonical form', cause)
  }
  return Buffer.concat(chunks)
}
