export interface Belief<T> {
  readonly ms: number
  /** Answers kept at most; beyond, it starts anew rather than grow. */
  readonly most: number
  readonly now: () => number
  /** Whether an answer is worth remembering; all are unless said. */
  readonly isWorth?: (answer: T) => boolean
}

/** Remembers answers for a time. Those who ask meanwhile wait for the same answer; a failure is not remembered. */
export function createBelieved<T>({
  ms,
  most,
  now,
  isWorth = () => true,
}: Belief<T>): (name: string, find: () => Promise<T>) => Promise<T> {
  const believed = new Map<string, { readonly answer: Promise<T>; readonly until: number }>()
  return (name, find) => {
    const known = believed.get(name)
    if (known !== undefined && known.until > now()) return known.answer
    const answer = find()
    if (believed.size >= most) believed.clear()
    believed.set(name, { answer, until: now() + ms })
    const forget = () => void believed.delete(name)
    answer.then((found) => isWorth(found) || forget(), forget)
    return answer
  }
}
