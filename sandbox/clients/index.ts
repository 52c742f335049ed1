import type { ClientRow } from '../rows.ts'
import { adapterEnvelopeClient } from './adapter-envelope.ts'
import { facadeClient } from './facade.ts'
import { lgspClient } from './lgsp.ts'
import { paymentPlatformClient } from './payment-platform.ts'
import { tokenRestClient } from './token-rest.ts'
import { vxpClient } from './vxp.ts'

/**
 * Software of partners that the sandbox has an account for, so that it can be tried as it is: each is a file here and a line in this
 * list. The account is opened when the gateway is up, and its row in `credentials.json` holds what is to be entered in the software.
 */
export const sandboxClients: readonly ClientRow[] = [
  adapterEnvelopeClient,
  facadeClient,
  lgspClient,
  paymentPlatformClient,
  tokenRestClient,
  vxpClient,
]
