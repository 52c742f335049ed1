import type { PhaseResult } from './direct.ts'
import type { FaultKind, Judge } from './judge.ts'
import type { Options } from './options.ts'

/** The figures of a drill; the last line of `--json`. */
export interface Summary {
  readonly accepted: number
  /** Messages that every one of their recipients has, taken or refused. */
  readonly delivered: number
  readonly kills: number
  readonly lost: number
  readonly doubled: number
  readonly disordered: number
  readonly altered: number
  readonly stuck: number
  readonly unproven: number
  /** Answers of recipients that refused a message: a delivery all the same. */
  readonly refused: number
  /** Times a recipient got again what it had. */
  readonly repeats: number
  /** Sendings that got no answer. */
  readonly resent: number
  readonly seconds: number
  readonly seed: number
}

export function countOf({ faults }: Judge, kind: FaultKind): number {
  return faults.filter((fault) => fault.kind === kind).length
}

/** Whether the gateway kept its promises: everything sent was accepted, and nothing is wrong with any of it. */
export function isGood({ messages }: Options, summary: Summary): boolean {
  const { accepted, lost, doubled, disordered, altered, stuck, unproven } = summary
  return accepted === messages && lost + doubled + disordered + altered + stuck + unproven === 0
}

const columns = ['phase', 'accepted', 'delivered', 'kills', 'seconds', 'to drain', 'note'] as const

function cellsOf({ name, accepted, delivered, kills, ms, drainMs, note }: PhaseResult): readonly string[] {
  const seconds = (value: number) => (value / 1000).toFixed(1)
  return [
    name,
    String(accepted),
    String(delivered),
    String(kills),
    seconds(ms),
    drainMs === null ? '–' : seconds(drainMs),
    note,
  ]
}

/** One line while the drill runs. */
export function progressOf(result: PhaseResult): string {
  const [name = '', ...cells] = cellsOf(result)
  return `${name.padEnd(26)}${columns
    .slice(1)
    .map((column, index) => `${column} ${cells[index] ?? ''}`)
    .join('  ')}`.trimEnd()
}

/** The matrix at the end, as Markdown. */
export function matrixOf(results: readonly PhaseResult[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [
    line(columns),
    line(columns.map(() => '---')),
    ...results.map((result) => line(cellsOf(result))),
  ].join('\n')
}
