import type { ActionName } from '../../schemas/actions.ts'
import type { Payload } from '../../schemas/message.ts'
import { dossierSamples } from './samples/dossier.ts'
import { otherSamples } from './samples/other.ts'
import { paknSamples } from './samples/pakn.ts'
import { paymentSamples } from './samples/payment.ts'

export { sampleDossierCode } from './samples/invented.ts'

const samples: Readonly<Record<ActionName, (n: number) => Payload>> = {
  ...dossierSamples,
  ...paymentSamples,
  ...paknSamples,
  ...otherSamples,
}

/**
 * A realistic, valid and unflagged payload of any action: the same for the same n, another subject for another n
 * (up to 279,000 of them; statistics: 12,000). People and numbers are invented.
 */
export function samplePayload(action: ActionName, n: number): Payload {
  return samples[action](n)
}
