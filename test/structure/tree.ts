import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path/posix'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))
const ignoredFolders = new Set(['node_modules', 'dist', 'var', '.git'])

/** A file of the project; the path is relative to its root, with slashes. */
export interface TextFile {
  readonly path: string
  readonly text: string
}

/** Every file that belongs to the project: what git knows or would add; outside a checkout, what is not a build product. */
export function projectFiles(): readonly string[] {
  try {
    const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    return listed.split('\0').filter((path) => path !== '')
  } catch {
    return walk('.')
  }
}

/** The text files among them; files that were deleted but not committed, and binary ones, are left out. */
export function readTexts(paths: readonly string[]): readonly TextFile[] {
  return paths.flatMap((path) => {
    const text = readText(path)
    return text === null || text.includes('\0') ? [] : [{ path, text }]
  })
}

function readText(path: string): string | null {
  try {
    return readFileSync(join(root, path), 'utf8')
  } catch {
    return null
  }
}

function walk(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return ignoredFolders.has(entry.name) ? [] : walk(path)
    return [path]
  })
}
