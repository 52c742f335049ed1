import ts from 'typescript'
import { nodesOf } from './module.ts'
import { budget, defaultExportAllowed, rowOf, unmeasured, within } from './rules.ts'
import type { Module } from './module.ts'

/** Places that read the environment of the process outside the folders that may. */
export function environmentReads(modules: readonly Module[]): readonly string[] {
  return modules
    .filter(({ path }) => rowOf(path)?.environment === false)
    .flatMap((module) => places(module, readsEnvironment, 'reads the environment'))
}

export function anyTypes(modules: readonly Module[]): readonly string[] {
  return modules.flatMap((module) => places(module, ({ kind }) => kind === ts.SyntaxKind.AnyKeyword, 'any'))
}

/** Default exports; a `.d.ts` describes a library, which exports as it likes. */
export function defaultExports(modules: readonly Module[]): readonly string[] {
  return modules
    .filter(({ path }) => !defaultExportAllowed.includes(path) && !path.endsWith('.d.ts'))
    .flatMap((module) => places(module, isDefaultExport, 'default export'))
}

/** Files and functions over the budget. The lines of tables, that is of object and array literals, do not count; the functions in them do. */
export function overBudget(modules: readonly Module[]): readonly string[] {
  return modules
    .filter(({ path }) => !path.startsWith('test/') && !within(path, unmeasured))
    .flatMap((module) => [...longFile(module), ...longFunctions(module)])
}

function longFile({ path, source }: Module): readonly string[] {
  const total = source.text.trimEnd().split('\n').length
  const lines = total - tableLines(source, (node) => !ts.isFunctionLike(node))
  return lines > budget.fileLines
    ? [`${path}: ${lines} lines without its tables, more than ${budget.fileLines}`]
    : []
}

function longFunctions({ path, source }: Module): readonly string[] {
  return [...nodesOf(source)].filter(hasBody).flatMap((node) => {
    const whole = spanOf(node) + 1 - tableLines(node, () => true)
    const own = whole - closureLines(node)
    const most = own > budget.functionLines ? budget.functionLines : budget.factoryLines
    const lines = own > budget.functionLines ? own : whole
    return lines <= most ? [] : [`${path}: ${nameOf(node)} has ${lines} lines, more than ${most}`]
  })
}

/** Lines of the outermost closures below a function, without the tables in them or around them. */
function closureLines(node: ts.Node): number {
  const isClosure = (child: ts.Node) => child !== node && hasBody(child)
  const closures = [...nodesOf(node, (child) => !isTable(child) && !isClosure(child))].filter(isClosure)
  return closures.reduce((sum, closure) => sum + spanOf(closure) - tableLines(closure, () => true), 0)
}

/** Lines inside the outermost tables below a node. */
function tableLines(node: ts.Node, enter: (node: ts.Node) => boolean): number {
  const tables = [...nodesOf(node, (child) => !isTable(child) && enter(child))].filter(isTable)
  return tables.reduce((sum, table) => sum + spanOf(table), 0)
}

function isTable(node: ts.Node): boolean {
  return ts.isObjectLiteralExpression(node) || ts.isArrayLiteralExpression(node)
}

function hasBody(node: ts.Node): node is ts.FunctionLikeDeclaration {
  return ts.isFunctionLike(node) && 'body' in node && node.body !== undefined
}

/** A function without a name of its own is called by what holds it. */
function nameOf(node: ts.Node): string {
  const { name } = node as ts.Node & { readonly name?: ts.Node }
  if (name) return name.getText()
  return ts.isSourceFile(node.parent) ? 'a function' : nameOf(node.parent)
}

function readsEnvironment(node: ts.Node): boolean {
  if (ts.isPropertyAccessExpression(node)) return node.name.text === 'env' && isProcess(node.expression)
  if (ts.isElementAccessExpression(node)) return isProcess(node.expression)
  if (ts.isVariableDeclaration(node)) {
    return (
      node.initializer !== undefined && isProcess(node.initializer) && ts.isObjectBindingPattern(node.name)
    )
  }
  return ts.isImportDeclaration(node) && /^'(node:)?process'$/.test(node.moduleSpecifier.getText())
}

function isProcess(node: ts.Node): boolean {
  return /^(globalThis\.)?process$/.test(node.getText())
}

function isDefaultExport(node: ts.Node): boolean {
  if (ts.isExportAssignment(node)) return true
  if (ts.isExportSpecifier(node)) return node.name.text === 'default'
  return node.kind === ts.SyntaxKind.DefaultKeyword && !ts.isDefaultClause(node.parent)
}

function places(module: Module, isBad: (node: ts.Node) => boolean, complaint: string): readonly string[] {
  const bad = [...nodesOf(module.source)].filter(isBad)
  return bad.map((node) => `${module.path}:${lineOf(node, node.getStart())}: ${complaint}`)
}

function spanOf(node: ts.Node): number {
  return lineOf(node, node.getEnd()) - lineOf(node, node.getStart())
}

function lineOf(node: ts.Node, position: number): number {
  return node.getSourceFile().getLineAndCharacterOfPosition(position).line + 1
}
