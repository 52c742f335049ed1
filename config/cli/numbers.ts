import { InvalidArgumentError } from 'commander'

/** Reads an option that is a whole number between two bounds. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (/^\d+$/.test(text) && value >= least && value <= most) return value
    throw new InvalidArgumentError(
      `cần số nguyên từ ${least} đến ${most} · a whole number from ${least} to ${most}`,
    )
  }
}
