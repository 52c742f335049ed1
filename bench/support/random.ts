/** Numbers that a seed repeats: the same seed, the same drill. */
export interface Random {
  /** In [0, 1). */
  next(): number
  /** A whole number from `least` to `most`, both included. */
  between(least: number, most: number): number
  /** True with this probability. */
  chance(probability: number): boolean
}

/** A 32-bit counter whose bits are mixed (the "mulberry" construction): plenty for a drill, useless for secrets. */
export function createRandom(seed: number): Random {
  let counter = seed >>> 0
  const next = () => {
    counter = (counter + 0x6d2b79f5) >>> 0
    let bits = Math.imul(counter ^ (counter >>> 15), counter | 1)
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61)
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32
  }
  return {
    next,
    between: (least, most) => least + Math.floor(next() * (most - least + 1)),
    chance: (probability) => next() < probability,
  }
}
