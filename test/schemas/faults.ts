import { GatewayError } from '../../schemas/errors.ts'
import { parsePayload } from '../../schemas/parse.ts'

/** The error a payload meets; fails when it meets none. */
export function faultOf(action: string, payload: unknown): GatewayError {
  return refusalOf(() => parsePayload(action, payload))
}

/** The error that an act ends in; fails when it ends in none. */
export function refusalOf(act: () => unknown): GatewayError {
  try {
    act()
  } catch (error) {
    if (error instanceof GatewayError) return error
    throw error
  }
  throw new Error('nothing was refused')
}
