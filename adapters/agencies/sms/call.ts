import type { Json, Payload } from '../../../schemas/message.ts'
import { fill, placeholdersIn } from '../template.ts'
import type { Transport } from '../dialect.ts'
import type { SmsOptions } from './options.ts'

type Call = Parameters<Transport['post']>[0]
type Values = Readonly<Record<string, string>>
type Body = NonNullable<SmsOptions['body']>

const answerBytes = 64 * 1024

/** One call of the provider, with its values where the options say. */
export function callOf(options: SmsOptions, values: Values): Call {
  const { url, method, timeoutMs, body } = options
  const target = new URL(url)
  for (const [name, value] of filled(options.query, values)) target.searchParams.append(name, value)
  const written = body === undefined ? null : writeBody(body, values)
  return {
    ...{ method, url: target.href, timeoutMs, maxAnswerBytes: answerBytes },
    headers: {
      ...Object.fromEntries(
        filled(options.headers, values).map(([name, value]) => [name.toLowerCase(), value]),
      ),
      ...(written === null ? {} : { 'content-type': written.type }),
    },
    body: Buffer.from(written?.text ?? ''),
  }
}

/** Whether the secret is asked for anywhere. */
export const asksSecret = ({ headers, query, body }: SmsOptions): boolean =>
  placeholdersIn(JSON.stringify([headers, query, body])).some((name) => name === 'secret' || name === 'basic')

const filled = (templates: Readonly<Record<string, string>>, values: Values): [string, string][] =>
  Object.entries(templates).map(([name, template]) => [name, fill(template, values)])

function writeBody(body: Body, values: Values): { readonly type: string; readonly text: string } {
  if (body.kind === 'json')
    return { type: 'application/json; charset=utf-8', text: JSON.stringify(inJson(body.value, values)) }
  if (body.kind === 'form') {
    const text = new URLSearchParams(filled(body.fields, values)).toString()
    return { type: 'application/x-www-form-urlencoded; charset=utf-8', text }
  }
  return { type: 'text/xml; charset=utf-8', text: fill(body.text, values, inXml) }
}

function inJson(template: Json, values: Values): Json {
  if (typeof template === 'string') return fill(template, values)
  if (typeof template !== 'object' || template === null) return template
  if (Array.isArray(template)) return template.map((each: Json) => inJson(each, values))
  return Object.fromEntries(
    Object.entries(template as Payload).map(([name, each]) => [name, inJson(each, values)]),
  )
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
}
const inXml = (value: string): string => value.replace(/[&<>"']/g, (sign) => entities[sign] ?? '')
