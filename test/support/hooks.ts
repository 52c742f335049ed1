import { endHeld } from './leaks.ts'

// A run that is interrupted must not leave processes behind either.
process.once('exit', endHeld)

/** Hooks of the whole run: it fails when a helper of this folder still holds a process, a server or a folder. */
export const mochaHooks = {
  afterAll(): void {
    const left = endHeld()
    if (left.length > 0) throw new Error(`left open by a test:\n${left.join('\n')}`)
  },
}
