import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import type { Party } from './parties.ts'
import { withGateway, type GatewayOptions, type LentGateway } from './gateway.ts'

/** An operation as `/openapi.json` has it, as far as tests read it. */
export interface Operation {
  readonly operationId: string
  readonly summary: string
  readonly description: string
  readonly tags: readonly string[]
  readonly security: readonly object[]
  readonly 'x-roles'?: readonly string[]
  readonly requestBody?: { readonly content: Readonly<Record<string, unknown>> }
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: object }>> }>
  >
}

export interface Described {
  readonly document: Readonly<Record<string, unknown>>
  /** Every operation, by `GET /v1/messages/{id}`. */
  readonly operations: readonly { readonly key: string; readonly operation: Operation }[]
  /** What is wrong with a value by a schema of the document; nothing when it holds. */
  validate(schema: object, value: unknown): readonly string[]
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: object
}

/** A gateway with its own description of itself, read from it over HTTP. */
export function withDescription(
  parties: readonly Party[],
  options: GatewayOptions,
  use: (lent: LentGateway, described: Described) => Promise<void>,
): Promise<void> {
  return withGateway(parties, options, async (lent) => {
    const { text } = await lent.call(null, 'GET', '/openapi.json')
    await use(lent, read(text))
  })
}

function read(text: string): Described {
  const document = JSON.parse(text) as Document & Described['document']
  const operations = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({
      key: `${method.toUpperCase()} ${path}`,
      operation,
    })),
  )
  return { document, operations, validate: createValidate(document.components) }
}

/** Objects that do not say what else they may hold are taken to hold nothing else: an answer that says more than its description fails. */
function createValidate(components: object): Described['validate'] {
  const ajv = new Ajv2020({ strict: false, allErrors: false })
  addFormats.default(ajv)
  for (const format of ['cidrv4', 'cidrv6']) ajv.addFormat(format, true) // zod's own; their patterns judge
  ajv.addSchema({ $id: 'document', ...(copied({ components }) as object) })
  return (schema, value) => {
    const check = ajv.compile(copied(schema) as object)
    const faults = check(value) ? [] : (check.errors ?? [])
    return faults.map(({ instancePath, message }) => `${instancePath} ${message ?? ''}`)
  }
}

/** Closed, and with its references led to the document. */
function copied(schema: object): unknown {
  return JSON.parse(
    JSON.stringify(schema).replaceAll('"#/components/', '"document#/components/'),
    (_name, value: unknown) => close(value),
  )
}

function close(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return 'properties' in value && !('additionalProperties' in value)
    ? { ...value, additionalProperties: false }
    : value
}
