import { laneKey } from '../../signing/digest.ts'
import type { Database } from './database.ts'
import type { SubjectStore } from './ports/subjects.ts'

/** A lane stands for a body and a subject, and stays: its key answers without an index of its own. */
export const createSubjects = ({ knex }: Pick<Database, 'knex'>): SubjectStore => ({
  async isKnownSubject(subjectKey, bodies) {
    const lanes = bodies.map((body) => laneKey(body, subjectKey))
    const row = await knex<{ id: Buffer }>('lane').whereIn('id', lanes).first('id')
    return row !== undefined
  },
})
