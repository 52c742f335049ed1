import type { Deed } from '../adapters/agencies/door.ts'
import type { Store } from '../adapters/store/store.ts'
import type { Caller } from '../schemas/agency.ts'
import { writeDate } from '../schemas/dates.ts'
import { numberings, writeDossierCode } from '../schemas/dossier-code.ts'
import { GatewayError } from '../schemas/errors.ts'
import { speaksFor } from './authorise.ts'
import type { Directory } from './directory.ts'

type Asked = Pick<Extract<Deed, { kind: 'number' }>, 'body' | 'numbering'>

/** The code of a body's next dossier; no two are ever the same. A caller draws for its own body and those below it. */
export type DrawCode = (caller: Caller, asked: Asked) => Promise<string>

interface NumberDeps {
  readonly store: Pick<Store, 'nextNumber'>
  readonly directory: () => Directory
  readonly now: () => number
}

export function createDrawCode({ store, directory, now }: NumberDeps): DrawCode {
  return async (caller, { body, numbering }) => {
    const agency = body ?? caller.agency ?? ''
    if (directory().agency(agency) === undefined)
      throw new GatewayError('not_found', { field: 'code', reason: 'neither a body nor a procedure' })
    if (!speaksFor(caller, agency, directory()))
      throw new GatewayError('forbidden', {
        field: 'code',
        reason: `the caller does not speak for ${agency}`,
      })
    const day = writeDate(now()).slice(0, 8)
    const sequence = await store.nextNumber(`${agency}-${numberings[numbering].period(day)}`)
    return writeDossierCode({ agency, day, sequence }, numbering)
  }
}
