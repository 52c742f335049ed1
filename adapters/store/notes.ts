import { sha256 } from '../../signing/digest.ts'
import { insertRows, type Database } from './database.ts'
import { isContention, isDuplicate } from './failures.ts'
import type { NoteStore } from './ports/notes.ts'
import { retryTransaction } from './retry-transaction.ts'

interface NoteRow {
  readonly thing: Uint8Array
  readonly agency: string
  readonly note: string
}

/** By hash: words of any length, byte for byte. */
const keyOf = (agency: string, thing: readonly string[]): Buffer => sha256(JSON.stringify([agency, ...thing]))

const isPassing = (error: unknown): boolean => isContention(error) || isDuplicate(error)

export const createNotes = ({ knex }: Database): NoteStore => ({
  async findNote(agency, thing) {
    const row = await knex<NoteRow>('recipient_note')
      .where({ thing: keyOf(agency, thing) })
      .first('note')
    return row?.note ?? null
  },
  keepNote: (agency, words, note) =>
    retryTransaction(
      knex,
      async (trx) => {
        const thing = keyOf(agency, words)
        const known = await trx<NoteRow>('recipient_note').where({ thing }).forUpdate().first('note')
        if (known === undefined) await insertRows(trx, 'recipient_note', [{ thing, agency, note }])
        else await trx<NoteRow>('recipient_note').where({ thing }).update({ note })
      },
      isPassing,
    ),
})
