import { existsSync, readFileSync } from 'node:fs'
import { z } from 'zod'

/** The version that package.json gives: it stands beside `config/`, or above `dist/`. Throws where there is none. */
export function readVersion(): string {
  const files = ['../package.json', '../../package.json'].map((path) => new URL(path, import.meta.url))
  const file = files.find((each) => existsSync(each))
  if (file === undefined) throw new Error('cannot start: package.json is missing')
  return z.object({ version: z.string() }).parse(JSON.parse(readFileSync(file, 'utf8'))).version
}
