import { dialects, homes, outsideModules, rowOf, within } from './rules.ts'
import type { Import, Module } from './module.ts'

/** Imports that the table of folders does not allow. */
export function strayImports(modules: readonly Module[]): readonly string[] {
  return overImports(modules, (path, found) => {
    const row = rowOf(path)
    if (found.target === null || row === undefined || within(found.target, row.imports)) return null
    if (!within(found.target, row.typesOf)) return `may not import ${found.target}`
    return found.typeOnly ? null : `may import ${found.target} only by import type`
  })
}

/** Libraries imported outside their home, or without one. */
export function straysFromHome(modules: readonly Module[]): readonly string[] {
  return overImports(modules, (path, { library }) => {
    if (library === null || path.startsWith('test/')) return null
    const home = Object.hasOwn(homes, library) ? homes[library] : undefined
    if (home === undefined) return `imports ${library}, which has no home in test/structure/rules.ts`
    return within(path, home) ? null : `imports ${library}, whose home is ${home.join(', ')}`
  })
}

/** Built-in modules of the outside world in folders that must be pure. */
export function touchesOutside(modules: readonly Module[]): readonly string[] {
  return overImports(modules, (path, { specifier }) =>
    rowOf(path)?.outside === false && outsideModules.includes(specifier)
      ? `imports ${specifier} in a pure folder`
      : null,
  )
}

/** Dialects that import each other: what two share lies beside them, or in schemas/ and signing/. */
export function dialectsTangled(modules: readonly Module[]): readonly string[] {
  return overImports(modules, (path, { target }) => {
    const own = dialectOf(path)
    const other = target === null ? null : dialectOf(target)
    return own === null || other === null || own === other ? null : `dialect ${own} imports dialect ${other}`
  })
}

/** Dialect folders that the registry does not import, and imports of the registry that lead to no folder. */
export function unregisteredDialects(modules: readonly Module[]): readonly string[] {
  const present = modules.map(({ path }) => dialectOf(path)).filter((name) => name !== null)
  const registry = modules.find(({ path }) => path === dialects.registry)
  const targets =
    registry?.imports.filter(({ typeOnly }) => !typeOnly).map(({ target }) => target ?? '') ?? []
  const registered = targets.map(dialectOf).filter((name) => name !== null)
  const missing = (names: readonly string[], from: readonly string[]) =>
    [...new Set(names)].filter((name) => !from.includes(name))
  return [
    ...missing(present, registered).map((name) => `${dialects.registry}: dialect ${name} is not registered`),
    ...missing(registered, present).map((name) => `${dialects.registry}: dialect ${name} has no folder`),
  ]
}

/** Groups of files that import each other in a circle, types included. */
export function rings(modules: readonly Module[]): readonly string[] {
  const next = new Map(modules.map(({ path, imports }) => [path, imports.map(({ target }) => target ?? '')]))
  const done = new Set<string>()
  const found: string[] = []
  const visit = (path: string, trail: readonly string[]): void => {
    const seenAt = trail.indexOf(path)
    if (seenAt >= 0) found.push([...trail.slice(seenAt), path].join(' → '))
    if (seenAt >= 0 || done.has(path)) return
    for (const target of next.get(path) ?? []) visit(target, [...trail, path])
    done.add(path)
  }
  for (const path of next.keys()) visit(path, [])
  return found
}

/** Names that the server's folders export and nobody imports. */
export function deadExports(modules: readonly Module[]): readonly string[] {
  const used = usedNames(modules)
  return modules
    .filter(({ path }) => rowOf(path)?.product === true)
    .flatMap((module) => {
      const names = used.get(module.path) ?? new Set<string>()
      const dead = module.exports.filter(({ name }) => !names.has('*') && !names.has(name))
      return dead
        .filter((each) => !partOfContract(each, module))
        .map(({ name }) => `${module.path}: nobody imports ${name}`)
    })
}

function usedNames(modules: readonly Module[]): ReadonlyMap<string, ReadonlySet<string>> {
  const used = new Map<string, Set<string>>()
  for (const { target, names } of modules.flatMap(({ imports }) => imports)) {
    if (target === null) continue
    const known = used.get(target) ?? new Set<string>()
    used.set(target, known)
    for (const name of names ?? ['*']) known.add(name)
  }
  return used
}

/** A type that another export of the same file mentions: who takes the one may have to name the other. */
function partOfContract(type: Module['exports'][number], module: Module): boolean {
  const mention = new RegExp(`\\b${type.name}\\b`)
  const others = module.exports.filter(({ name }) => name !== type.name)
  return type.kind === 'type' && others.some(({ node }) => node !== null && mention.test(node.getText()))
}

const shared: ReadonlySet<string> = new Set(dialects.shared)

function dialectOf(path: string): string | null {
  if (!path.startsWith(dialects.folder)) return null
  const [name = '', ...rest] = path.slice(dialects.folder.length).split('/')
  return rest.length === 0 || shared.has(name) ? null : name
}

function overImports(
  modules: readonly Module[],
  judge: (path: string, found: Import) => string | null,
): readonly string[] {
  return modules.flatMap(({ path, imports }) =>
    imports.flatMap((found) => {
      const complaint = judge(path, found)
      return complaint === null ? [] : [`${path}: ${complaint}`]
    }),
  )
}
