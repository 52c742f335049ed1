import { GatewayError } from '../schemas/errors.ts'

const textEscapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '\r': '&#xD;',
}
const valueEscapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '"': '&quot;',
  '\t': '&#x9;',
  '\n': '&#xA;',
  '\r': '&#xD;',
}
const unescapes: ReadonlyMap<string, string> = new Map(
  [...Object.entries(textEscapes), ...Object.entries(valueEscapes)].map(([plain, escaped]) => [
    escaped,
    plain,
  ]),
)

/** Characters XML 1.0 cannot carry (§2.2), lone surrogates among them. */
const illegal = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/u

const legal = (text: string, field: string): string => {
  if (illegal.test(text))
    throw new GatewayError('invalid_field', { field, reason: 'holds a character XML cannot carry' })
  return text
}

/** What keeps a text from standing as it is: what is escaped, and what may be illegal. Most fields hold none of it: one look is enough. */
const remarkable = /[&<>"\u0000-\u001f\ud800-\udfff\ufffe\uffff]/

/** Text as canonical XML writes it; `invalid_field` when XML cannot carry it. */
export const escapeText = (text: string, field: string): string =>
  remarkable.test(text)
    ? legal(text, field).replace(/[&<>\r]/g, (character) => textEscapes[character] ?? character)
    : text

/** An attribute's value as canonical XML writes it. */
export const escapeValue = (text: string, field: string): string =>
  remarkable.test(text)
    ? legal(text, field).replace(/[&<"\t\n\r]/g, (character) => valueEscapes[character] ?? character)
    : text

/** The reverse of both, for canonical XML only. */
export const unescape = (text: string): string =>
  text.includes('&') ? text.replace(/&[^;]*;/g, (escaped) => unescapes.get(escaped) ?? escaped) : text
