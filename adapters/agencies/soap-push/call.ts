import { createClientAsync, type Client, type IHttpClient } from 'soap'
import type { Agency } from '../../../schemas/agency.ts'
import type { Transport, TransportAnswer, TransportFailure } from '../dialect.ts'
import { credentialsOn, type SecretOf } from './credentials.ts'
import type { Elements } from './mapping.ts'
import type { Operation, SoapOptions } from './options.ts'
import { wsdlOf } from './wsdl.ts'

export interface SoapCall {
  readonly agency: Agency
  readonly options: SoapOptions
  readonly operation: Operation
  readonly elements: Elements
  readonly secretOf: SecretOf
  readonly transport: Transport
}

/** An answer with what was read in it: the element in its body, or its fault; neither where it is not SOAP. */
export interface SoapAnswer {
  readonly answer: TransportAnswer | TransportFailure
  readonly body?: unknown
  readonly fault?: unknown
}

type Post = (xml: string, headers: Readonly<Record<string, string>>) => Promise<string>
type Done = (error: unknown, response?: { readonly status: number }, text?: string) => void
type Asked = [url: string, xml: string, done: Done, headers: Record<string, string>, by: { post: Post }]
type Method = (elements: Elements, done: (error: unknown, body: unknown) => void, by: { post: Post }) => void

const answerBytes = 256 * 1024

/** The library's way out is ours, which each call brings along. It declares a promise of its own client's making, and reads none. */
const httpClient = {
  request(...[, xml, done, headers, { post }]: Asked) {
    post(xml, headers).then((text) => done(null, { status: 200 }, text), done)
  },
} as unknown as IHttpClient

const refuseImport = () => {
  throw new Error('nothing is fetched and no file is read for a description')
}

const clients = new WeakMap<Agency['options'], Promise<Client>>()

/** One client for the options of a body as they stand: a large description takes milliseconds to read. */
function clientOf({ agency, options }: SoapCall): Promise<Client> {
  const known = clients.get(agency.options)
  if (known !== undefined) return known
  const client = createClientAsync(wsdlOf(options), {
    ...{ endpoint: options.url, disableCache: true, forceSoap12Headers: options.soap === '1.2', httpClient },
    wsdl_options: { overrideImportLocation: refuseImport },
  })
  clients.set(agency.options, client)
  return client
}

/** By way of its port: a client's own functions stand beside the operations. */
function methodOf(client: Client, name: string): Method | undefined {
  const services = Object.entries(client.describe() as Record<string, Record<string, object>>)
  const ports = services.flatMap(([service, ports]) =>
    Object.entries(ports).map(([port, has]) => ({ service, port, has })),
  )
  const found = ports.find(({ has }) => Object.hasOwn(has, name))
  const methods = client as unknown as Record<string, Record<string, Record<string, Method>>>
  return found === undefined ? undefined : methods[found.service]?.[found.port]?.[name]
}

const broken = (code: string, reason: string): SoapAnswer => ({
  answer: { failure: 'configuration', code, reason },
})

/** Calls one operation. A description that cannot be used is a failure of configuration. */
export async function callSoap(call: SoapCall): Promise<SoapAnswer> {
  const { operation } = call
  const client = await clientOf(call).catch((error: unknown) => String(error).slice(0, 500))
  if (typeof client === 'string') return broken('bad_wsdl', client)
  const method = methodOf(client, operation.name)
  if (method === undefined) return broken('no_operation', `the WSDL has no operation ${operation.name}`)
  // From here to the post nothing waits: what is set on the shared client is of this call.
  credentialsOn(client, call)
  client.setSOAPAction(operation.soapAction ?? '')
  return invoke(method, call)
}

function invoke(method: Method, { options, elements, transport }: SoapCall): Promise<SoapAnswer> {
  return new Promise((resolve, reject) => {
    let answer: SoapAnswer['answer'] | undefined
    const post: Post = async (xml, headers) => {
      answer = await transport.post({
        ...{ url: options.url, headers, body: Buffer.from(xml) },
        ...{ timeoutMs: options.timeoutMs, maxAnswerBytes: answerBytes },
      })
      return 'failure' in answer ? '' : textOf(answer)
    }
    const done = (error: unknown, body: unknown) => {
      if (answer === undefined) reject(asError(error))
      else resolve({ answer, ...(isMissing(error) ? { body } : faultIn(error)) })
    }
    method(elements, done, { post })
  })
}

const isMissing = (value: unknown): boolean => value === undefined || value === null
const asError = (value: unknown): Error => (value instanceof Error ? value : new Error(String(value)))

/** What holds a DOCTYPE is not read at all (edxml §2). */
function textOf({ body }: TransportAnswer): string {
  const text = Buffer.from(body).toString('utf8')
  return /<!DOCTYPE/i.test(text) ? '' : text
}

/** The library hands a fault on inside its error. */
function faultIn(error: unknown): Pick<SoapAnswer, 'fault'> {
  const { root } = error as {
    readonly root?: { readonly Envelope?: { readonly Body?: { readonly Fault?: unknown } } }
  }
  const fault = root?.Envelope?.Body?.Fault
  return isMissing(fault) ? {} : { fault }
}
