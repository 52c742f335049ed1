import { z } from 'zod'
import { codeLists, type CodeListName, type CodeRow } from './codes.ts'
import { listRowsOf } from './fields.ts'

/** A JSON Schema (draft 2020-12) as plain JSON. */
export type JsonSchema = Readonly<Record<string, unknown>>

/** Turns shapes into JSON Schema; those with an `id` are gathered once, to be referred to. */
export interface Shapes {
  /** `input`: as a caller writes it; `output`: as the gateway does. */
  of(shape: z.ZodType, io: 'input' | 'output'): JsonSchema
  /** What was referred to so far, by id. */
  components(): Readonly<Record<string, JsonSchema>>
}

/** References point to `<root><id>`. */
export function createShapes(root: string): Shapes {
  const components: Record<string, JsonSchema> = {}

  function of(shape: z.ZodType, io: 'input' | 'output'): JsonSchema {
    const made = z.toJSONSchema(shape, {
      io,
      unrepresentable: 'any',
      override({ zodSchema, jsonSchema }) {
        const list = listRowsOf(zodSchema)
        if (list !== undefined)
          Object.assign(jsonSchema, { items: of(list.row, io), maxItems: list.max, type: 'array' })
        if (zodSchema._zod.def.type === 'object') tellCodes(jsonSchema.properties)
        if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum // true of every number here
        if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum
        if (io === 'output' && jsonSchema.additionalProperties === false)
          delete jsonSchema.additionalProperties
      },
    })
    const { $defs = {}, ...schema } = made
    delete schema.$schema // OpenAPI 3.1 names the dialect for the whole
    for (const [id, found] of Object.entries($defs)) components[id] ??= pointed(found) as JsonSchema
    return pointed(schema) as JsonSchema
  }

  function pointed(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(pointed)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, target(name, part)]))
  }

  function target(name: string, part: unknown): unknown {
    if (name === 'id' && typeof part === 'string') return part
    return name === '$ref' && typeof part === 'string' ? part.replace('#/$defs/', root) : pointed(part)
  }

  return { of, components: () => components }
}

/** A field that has a code list says so, wherever it stands. */
function tellCodes(properties: Record<string, unknown> = {}): void {
  for (const [name, schema] of Object.entries(properties)) {
    const rows: readonly CodeRow[] | undefined = Object.hasOwn(codeLists, name)
      ? codeLists[name as CodeListName]
      : undefined
    if (rows === undefined) continue
    const description = rows.map(({ code, vi, en }) => `${code} = ${vi} (${en})`).join('; ')
    properties[name] = { ...(schema as JsonSchema), description }
  }
}
