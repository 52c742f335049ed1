/** Numbers that are given out. */
export interface NumberStore {
  /** The next number of a series, from 1 on: durable before it is known, and never the same twice, whichever process asks. */
  nextNumber(series: string): Promise<number>
}
