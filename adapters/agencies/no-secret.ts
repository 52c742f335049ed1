import type { Agency } from '../../schemas/agency.ts'
import type { Outcome } from '../../schemas/outcome.ts'

/** What asks for a secret that the body does not have is not sent. */
export const noSecret = ({ code }: Pick<Agency, 'code'>, name: string): Outcome => ({
  ...{ kind: 'fault', code: 'no_secret', reason: `${code} has no secret "${name}"` },
})
