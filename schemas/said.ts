/** A sentence for people, in both languages. */
export interface Said {
  readonly vi: string
  readonly en: string
}
