import type { GatewayError } from '../../../schemas/errors.ts'
import type { DoorAnswer } from '../dialect.ts'
import { escaped } from '../dossiers/words.ts'

const headers = { 'content-type': 'application/json; charset=utf-8' }

/** JSON in pure ASCII: some partners read it in the charset of their platform (dvcqg §21 trap 12). */
export const jsonAnswer = (body: object, status = 200): DoorAnswer => ({
  ...{ status, headers },
  body: escaped(JSON.stringify(body)),
})

/** 200 with a code of its own for what the partner must change; the true status for what may pass, so that it asks again. */
export const statusOf = ({ row }: GatewayError): number =>
  row.status >= 500 || row.status === 429 ? row.status : 200
