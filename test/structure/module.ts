import { dirname, join } from 'node:path/posix'
import ts from 'typescript'
import type { TextFile } from './tree.ts'

/** One import, re-export or dynamic import of a module. `names` is null when everything is taken (`import *`, `export *`, `import()`). */
export interface Import {
  readonly specifier: string
  /** The file meant, for a relative import. */
  readonly target: string | null
  /** The package meant, for an import of a library; built-in modules have neither. */
  readonly library: string | null
  /** Erased as a whole when types are stripped. */
  readonly typeOnly: boolean
  readonly names: readonly string[] | null
}

/** A name that a module offers to others. */
export interface Export {
  readonly name: string
  readonly kind: 'value' | 'type'
  /** The declaration; null for a re-export. */
  readonly node: ts.Node | null
}

export interface Module {
  readonly path: string
  readonly source: ts.SourceFile
  readonly imports: readonly Import[]
  readonly exports: readonly Export[]
}

/** Reads a TypeScript file into what the structure rules speak about. */
export function parseModule({ path, text }: TextFile): Module {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true)
  const imports = [...nodesOf(source)].flatMap((node) => importsOf(node, path))
  return { path, source, imports, exports: source.statements.flatMap(exportsOf) }
}

/** Every node below a node, parents first. `enter` says whether to look below one. */
export function* nodesOf(node: ts.Node, enter: (node: ts.Node) => boolean = () => true): Generator<ts.Node> {
  const children: ts.Node[] = []
  ts.forEachChild(node, (child) => void children.push(child))
  for (const child of children) {
    yield child
    if (enter(child)) yield* nodesOf(child, enter)
  }
}

function importsOf(node: ts.Node, path: string): readonly Import[] {
  const found = readImport(node)
  if (found === null) return []
  const { specifier } = found
  const relative = specifier.startsWith('.')
  const target = relative ? join(dirname(path), specifier) : null
  return [
    { ...found, target, library: relative || specifier.startsWith('node:') ? null : packageOf(specifier) },
  ]
}

type Found = Pick<Import, 'specifier' | 'typeOnly' | 'names'>

function readImport(node: ts.Node): Found | null {
  if (ts.isImportDeclaration(node)) return readDeclaration(node)
  if (ts.isExportDeclaration(node)) return readReExport(node)
  if (ts.isImportTypeNode(node)) return readImportType(node)
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    const specifier = textOf(node.arguments[0])
    return specifier === null ? null : { specifier, typeOnly: false, names: null }
  }
  return null
}

// A clause such as `{ type A }` is not type-only: with verbatimModuleSyntax the import itself stays.
function readDeclaration({ moduleSpecifier, importClause }: ts.ImportDeclaration): Found | null {
  const specifier = textOf(moduleSpecifier)
  if (specifier === null) return null
  const typeOnly = importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword
  const bindings = importClause?.namedBindings
  if (bindings && ts.isNamespaceImport(bindings)) return { specifier, typeOnly, names: null }
  const named = bindings
    ? bindings.elements.map((element) => (element.propertyName ?? element.name).text)
    : []
  return { specifier, typeOnly, names: importClause?.name ? ['default', ...named] : named }
}

function readReExport(node: ts.ExportDeclaration): Found | null {
  const specifier = textOf(node.moduleSpecifier)
  if (specifier === null) return null
  const names =
    node.exportClause && ts.isNamedExports(node.exportClause)
      ? node.exportClause.elements.map((element) => (element.propertyName ?? element.name).text)
      : null
  return { specifier, typeOnly: node.isTypeOnly, names }
}

function readImportType({ argument, qualifier }: ts.ImportTypeNode): Found | null {
  const specifier = ts.isLiteralTypeNode(argument) ? textOf(argument.literal) : null
  if (specifier === null) return null
  const first = qualifier?.getText().split('.')[0]
  return { specifier, typeOnly: true, names: first === undefined ? null : [first] }
}

function exportsOf(statement: ts.Statement): readonly Export[] {
  if (ts.isExportDeclaration(statement)) {
    const clause = statement.exportClause
    if (!clause || !ts.isNamedExports(clause)) return []
    return clause.elements.map((element) => ({ name: element.name.text, kind: 'value', node: null }))
  }
  if (!isExported(statement)) return []
  return declaredNames(statement).map((name) => ({ name, kind: kindOf(statement), node: statement }))
}

function kindOf(statement: ts.Statement): Export['kind'] {
  return ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement) ? 'type' : 'value'
}

function isExported(statement: ts.Statement): boolean {
  const modifiers = ts.canHaveModifiers(statement) ? (ts.getModifiers(statement) ?? []) : []
  return modifiers.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)
}

function declaredNames(statement: ts.Statement): readonly string[] {
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.flatMap(({ name }) => boundNames(name))
  }
  const { name } = statement as ts.Statement & { readonly name?: ts.Node }
  return name && ts.isIdentifier(name) ? [name.text] : []
}

function boundNames(name: ts.BindingName): readonly string[] {
  if (ts.isIdentifier(name)) return [name.text]
  return name.elements.flatMap((element) => (ts.isBindingElement(element) ? boundNames(element.name) : []))
}

function textOf(node: ts.Node | undefined): string | null {
  return node && ts.isStringLiteralLike(node) ? node.text : null
}

function packageOf(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
}
