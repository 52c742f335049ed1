import type { Dialect } from '../adapters/agencies/dialect.ts'

/** One more address of a dialect's door, such as `adapter-envelope=/mot-cua`. */
export interface DoorPath {
  readonly dialect: string
  readonly path: string
}

/** Reads `dialect=/path,…`. Throws an Error where one is none. */
export function readDoorPaths(text: string): readonly DoorPath[] {
  const parts = text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
  return parts.map((part) => {
    const [, dialect = '', path = ''] = /^([a-z0-9-]+)=((?:\/[A-Za-z0-9._-]+)+)$/.exec(part) ?? []
    if (path === '') throw new Error(`cannot start: DOOR_PATHS: ${part} is not dialect=/path`)
    return { dialect, path }
  })
}

/** Dialects whose doors also take everything below the paths given, as they take what is below their first address (dvcqg §19 rule 2). */
export function withDoorPaths(
  dialects: ReadonlyMap<string, Dialect>,
  paths: readonly DoorPath[],
): ReadonlyMap<string, Dialect> {
  for (const { dialect } of paths)
    if (dialects.get(dialect)?.door === undefined)
      throw new Error(`cannot start: DOOR_PATHS: ${dialect} has no door of its own`)
  return new Map(
    [...dialects].map(([name, dialect]) => [
      name,
      widened(
        dialect,
        paths.filter((each) => each.dialect === name),
      ),
    ]),
  )
}

function widened(dialect: Dialect, paths: readonly DoorPath[]): Dialect {
  const { door } = dialect
  const [first] = door?.rows ?? []
  if (door === undefined || first === undefined || paths.length === 0) return dialect
  const more = paths.map(({ path }) => ({ ...first, path: `${path}/*rest` }))
  return { ...dialect, door: { ...door, rows: [...door.rows, ...more] } }
}
