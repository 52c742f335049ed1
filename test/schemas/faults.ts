import { GatewayError } from '../../schemas/errors.ts'
import { parsePayload } from '../../schemas/parse.ts'

/** The error a payload meets; fails when it meets none. */
export function faultOf(action: string, payload: unknown): GatewayError {
  try {
    parsePayload(action, payload)
  } catch (error) {
    if (error instanceof GatewayError) return error
    throw error
  }
  throw new Error(`${action} was accepted`)
}
