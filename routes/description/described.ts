import { z } from 'zod'
import type { VerbRow } from '../../adapters/agencies/dialect.ts'
import type { Role } from '../../schemas/agency.ts'
import type { ErrorCode } from '../../schemas/errors.ts'
import type { Said } from '../../schemas/said.ts'
import type { Endpoint } from '../endpoint.ts'
import { verbForms, verbRoles, type Served } from '../verb-forms.ts'

/** What the description says of one row, be it an endpoint's or a dialect's. */
export interface Described {
  readonly method: string
  /** An express path. */
  readonly path: string
  readonly tag: string
  readonly summary: Said
  readonly access: 'public' | readonly Role[]
  readonly params?: z.ZodType | undefined
  readonly query?: z.ZodType | undefined
  readonly headers?: z.ZodType | undefined
  /** Whether success carries an ETag. */
  readonly tagged?: boolean
  /** Shape of the body by content type. */
  readonly body: Readonly<Record<string, z.ZodType>>
  /** Shape of the JSON answered by status; null where there is none. */
  readonly answers: Readonly<Record<number, z.ZodType | null>>
  /** Content type of what is answered, where it is no JSON. */
  readonly answerType?: string
  readonly errors: readonly ErrorCode[]
  /** Shape of a refusal, where it is not ours. */
  readonly refusal?: z.ZodType | undefined
}

const anyBytes = { 'application/octet-stream': z.string().meta({ format: 'binary' }) }

/** What anybody may meet anywhere. */
const always: readonly ErrorCode[] = ['malformed_request', 'too_many_requests', 'internal', 'unavailable']
const identified: readonly ErrorCode[] = ['unauthenticated', 'forbidden']
const ofParams: readonly ErrorCode[] = ['invalid_field', 'not_found']
const ofQuery: readonly ErrorCode[] = ['invalid_field']
const ofBody: readonly ErrorCode[] = ['invalid_field', 'unsupported_media', 'too_large']

/** Reads an endpoint's row. */
export function ofEndpoint(row: Endpoint): Described {
  const { method, path, tag, summary, access, params, query, headers, body, answer } = row
  const status = row.status ?? (answer === undefined ? 204 : 200)
  return {
    method,
    path,
    tag,
    summary,
    access,
    params,
    query,
    headers,
    tagged: row.etag !== undefined,
    body:
      row.upload === true ? anyBytes : body === undefined ? {} : { [row.media ?? 'application/json']: body },
    refusal: row.refusal?.shape,
    answers: { [status]: answer ?? null },
    ...(row.answerType === undefined ? {} : { answerType: row.answerType }),
    errors: [
      ...always,
      ...(access === 'public' ? [] : identified),
      ...(params === undefined ? [] : ofParams),
      ...(query === undefined && headers === undefined ? [] : ofQuery),
      ...(body === undefined && row.upload === undefined ? [] : ofBody),
      ...(row.errors ?? []),
    ],
  }
}

/** Reads a dialect's row of verbs. */
export function ofVerb(row: VerbRow): Described {
  const form = verbForms[row.verb as Served]
  const own = 'body' in form ? { 'application/json': form.body } : {}
  const { request, contentTypes = ['application/octet-stream'] } = row
  return {
    method: row.method,
    path: row.path,
    tag: form.tag,
    summary: row.summary,
    access: verbRoles,
    query: 'query' in form ? form.query : undefined,
    headers: row.headers,
    body: request === undefined ? own : Object.fromEntries(contentTypes.map((type) => [type, request])),
    answers: row.answers ?? form.answers,
    errors: [...always, ...identified, ...form.errors],
  }
}
