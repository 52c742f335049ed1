import express, { type RequestHandler } from 'express'
import { bounds } from '../schemas/bounds.ts'
import { GatewayError } from '../schemas/errors.ts'
import { boundJson } from './json-bounds.ts'

const maxFormBytes = 16 * 1024

const json = 'application/json'
const form = 'application/x-www-form-urlencoded'

/** How a body is read, by how it is written. */
export const readers = {
  [json]: [
    isWritten(json),
    express.json({ limit: bounds.jsonBytes, type: json, strict: false, inflate: false }),
    boundJson,
  ],
  [form]: [
    isWritten(form),
    express.urlencoded({ limit: maxFormBytes, type: form, extended: false, inflate: false }),
  ],
} as const

function isWritten(media: string): RequestHandler {
  return (req, _res, next) => {
    if (req.is(media) === false)
      throw new GatewayError('unsupported_media', { field: 'Content-Type', reason: `expected: ${media}` })
    next() // null: there is no body, and the schema says so
  }
}

/** What is stored is what was sent: a coding would be kept in place of the file, or would have to be undone without knowing how much it grows. */
export const isUncoded: RequestHandler = (req, _res, next) => {
  const coding = req.headers['content-encoding'] ?? 'identity'
  if (coding.toLowerCase() !== 'identity')
    throw new GatewayError('unsupported_media', { field: 'Content-Encoding', reason: 'expected: none' })
  next()
}
