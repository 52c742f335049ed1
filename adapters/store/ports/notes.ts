/** What is remembered of a recipient from one delivery to the next. */
export interface NoteStore {
  /** The note on a thing, named by words; null where there is none. */
  findNote(agency: string, thing: readonly string[]): Promise<string | null>
  /** Durable before it answers; the last note counts. */
  keepNote(agency: string, thing: readonly string[], note: string): Promise<void>
}
