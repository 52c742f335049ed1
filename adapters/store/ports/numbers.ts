/** Numbers that are given out. */
export interface NumberStore {
  /** The next number of a series, from 1 on: durable before it is known, and never the same twice, whichever process asks. */
  nextNumber(series: string): Promise<number>
  /** The number of each delivery, by its id: the same whenever it is asked for, and of no other delivery. */
  numberDeliveries(ids: readonly string[]): Promise<ReadonlyMap<string, number>>
  /** The same for messages. A number is of one thing alone: no message has that of a delivery. */
  numberMessages(ids: readonly string[]): Promise<ReadonlyMap<string, number>>
  /** The id of the delivery of a number; null where it has none. */
  findNumbered(number: number): Promise<string | null>
}
