import { rmSync } from 'node:fs'

type Release = () => void

interface Held {
  readonly what: string
  readonly end: () => void
}

// mocha may load this file twice, once by require and once by import: the list must be one all the same.
const shared: typeof globalThis & { heldByTests?: Set<Held> } = globalThis
const held = (shared.heldByTests ??= new Set())

/** Notes something that a test holds open; call the answer once it is closed. What is left at the end of the run is ended by `end` and fails the run. */
export function hold(what: string, end: () => void): Release {
  const entry = { what, end }
  held.add(entry)
  return () => held.delete(entry)
}

/** As `hold`, for a folder. */
export function holdFolder(path: string): Release {
  return hold(`temporary folder ${path}`, () => rmSync(path, { recursive: true, force: true }))
}

/** Ends all that is still held and says what it was. */
export function endHeld(): readonly string[] {
  const left = [...held]
  held.clear()
  for (const { end } of left) end()
  return left.map(({ what }) => what)
}
