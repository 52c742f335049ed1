import type { z } from 'zod'
import { errors, type ErrorCode } from '../../schemas/errors.ts'
import type { JsonSchema, Shapes } from '../../schemas/json-schema.ts'
import type { Described } from './described.ts'
import { tagName } from './tags.ts'

/** An object of the description, as plain JSON. */
export type Part = Readonly<Record<string, unknown>>

/** How a caller shows who it is; any one of them will do. */
const security = [{ apiKey: [] }, { oauth: [] }, { clientCertificate: [] }]
const errorRef = { $ref: '#/components/schemas/Error' }

/** Writes the operation of the rows that share a method and a path: they differ in the content type that they read. */
export function operationOf(rows: readonly [Described, ...Described[]], shapes: Shapes): Part {
  const [{ method, path, tag, access }] = rows
  const parameters = rows.flatMap((row) => parametersOf(row, shapes))
  const bodies = Object.assign({}, ...rows.map(({ body }) => body)) as Described['body']
  return {
    operationId: operationId(method, path),
    tags: [tagName(tag)],
    summary: rows.map(({ summary }) => summary.vi).join(' · '),
    description: descriptionOf(rows),
    ...(access === 'public' ? { security: [] } : { security, 'x-roles': access }),
    ...(parameters.length === 0 ? {} : { parameters: unique(parameters) }),
    ...(Object.keys(bodies).length === 0
      ? {}
      : { requestBody: { required: true, content: contentOf(bodies, shapes) } }),
    responses: { ...successesOf(rows, shapes), ...failuresOf(rows, shapes) },
  }
}

/** An express path as OpenAPI writes it: `/v1/messages/{id}`. */
export function templateOf(path: string): string {
  return path.replace(/:(\w+)/g, '{$1}')
}

function operationId(method: string, path: string): string {
  const words = path.replace(/[:{}]/g, '').split(/[/.-]/).filter(Boolean)
  return [method.toLowerCase(), ...words.map((word) => word.charAt(0).toUpperCase() + word.slice(1))].join('')
}

function descriptionOf(rows: readonly Described[]): string {
  const said = rows.map(({ summary }) => `_${summary.en}_`)
  const [{ access } = { access: 'public' as const }] = rows
  const who =
    access === 'public'
      ? 'Ai cũng gọi được · Open to all.'
      : `Vai trò · Roles: ${access.map((role) => `\`${role}\``).join(', ')}.`
  return [...said, who].join('\n\n')
}

function parametersOf({ path, params, query, headers }: Described, shapes: Shapes): readonly Part[] {
  const known = propertiesOf(params, shapes)
  const inPath = [...path.matchAll(/:(\w+)/g)].map(([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    schema: known.properties[name] ?? { type: 'string' },
  }))
  return [...inPath, ...namedIn('query', query, shapes), ...namedIn('header', headers, shapes)]
}

function namedIn(place: string, shape: z.ZodType | undefined, shapes: Shapes): readonly Part[] {
  const { properties, required } = propertiesOf(shape, shapes)
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: place,
    required: required.includes(name),
    schema,
  }))
}

function propertiesOf(shape: z.ZodType | undefined, shapes: Shapes) {
  const { properties = {}, required = [] } = shape === undefined ? {} : shapes.of(shape, 'input')
  return {
    properties: properties as Readonly<Record<string, JsonSchema>>, // an object's shape has no other form
    required: required as readonly string[],
  }
}

function unique(parameters: readonly Part[]): readonly Part[] {
  const found = new Map(parameters.map((part) => [`${String(part['in'])} ${String(part['name'])}`, part]))
  return [...found.values()]
}

function contentOf(bodies: Described['body'], shapes: Shapes): Part {
  return Object.fromEntries(
    Object.entries(bodies).map(([type, shape]) => [type, { schema: shapes.of(shape, 'input') }]),
  )
}

function successesOf(rows: readonly Described[], shapes: Shapes): Part {
  const answers = Object.assign({}, ...rows.map((row) => row.answers)) as Described['answers']
  const answerType = rows[0]?.answerType ?? 'application/json'
  return Object.fromEntries(
    Object.entries(answers).map(([status, shape]) => [
      status,
      {
        description: successOf(status, answers),
        ...(rows.some(({ tagged }) => tagged === true)
          ? { headers: { ETag: { $ref: '#/components/headers/ETag' } } }
          : {}),
        ...(shape === null
          ? bytesOf(status)
          : { content: { [answerType]: { schema: shapes.of(shape, 'output') } } }),
      },
    ]),
  )
}

/** A success that is neither JSON nor nothing is a file. */
function bytesOf(status: string): Part {
  return status === '200' ? { content: { 'application/octet-stream': {} } } : {}
}

/** Where something new is 202, 200 says that it was known. */
function successOf(status: string, answers: Described['answers']): string {
  if (status === '200' && 202 in answers)
    return 'Đã nhận từ trước: biên nhận cũ · A repeat: the original receipt'
  return successes[status] ?? 'Thành công · Success'
}

const successes: Readonly<Record<string, string>> = {
  '201': 'Đã tạo · Created',
  '202': 'Đã nhận và lưu · Accepted and stored',
  '204': 'Thành công, không có nội dung · Success, no content',
}

/** One answer for each status, naming its codes. */
function failuresOf(rows: readonly [Described, ...Described[]], shapes: Shapes): Part {
  const [{ refusal }] = rows
  const schema = refusal === undefined ? errorRef : shapes.of(refusal, 'output')
  const codes = [...new Set(rows.flatMap((row) => row.errors))]
  const statuses = [...new Set(codes.map((code) => errors[code].status))].sort((a, b) => a - b)
  return Object.fromEntries(
    statuses.map((status) => [
      String(status),
      {
        description: codes
          .filter((code) => errors[code].status === status)
          .map(sentenceOf)
          .join('\n\n'),
        ...(status === 429
          ? { headers: { 'Retry-After': { $ref: '#/components/headers/RetryAfter' } } }
          : {}),
        content: { 'application/json': { schema } },
      },
    ]),
  )
}

function sentenceOf(code: ErrorCode): string {
  const { vi, en } = errors[code]
  return `\`${code}\`: ${vi} _${en}_`
}
