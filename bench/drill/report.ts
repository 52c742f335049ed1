import type { PhaseResult } from './direct.ts'
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
  /** Sendings that got no answer or were refused for the time being. */
  readonly resent: number
  readonly seconds: number
  readonly seed: number
}

/** Whether the gateway kept its promises: everything sent was accepted, and nothing is wrong with any of it. */
export function isGood({ messages }: Options, summary: Summary): boolean {
  const { accepted, lost, doubled, disordered, altered, stuck, unproven } = summary
  return accepted === messages && lost + doubled + disordered + altered + stuck + unproven === 0
}

interface Column {
  readonly title: string
  readonly cell: (result: PhaseResult) => string
}

const seconds = (value: number) => (value / 1000).toFixed(1)

/** Columns that both forms end with. */
const last: readonly Column[] = [
  { title: 'kills', cell: ({ kills }) => String(kills) },
  { title: 'seconds', cell: ({ ms }) => seconds(ms) },
  { title: 'to drain', cell: ({ drainMs }) => (drainMs === null ? '–' : seconds(drainMs)) },
  { title: 'note', cell: ({ note }) => note },
]

const alone: readonly Column[] = [
  { title: 'phase', cell: ({ name }) => name },
  { title: 'accepted', cell: ({ total }) => String(total.accepted) },
  { title: 'delivered', cell: ({ total }) => String(total.delivered) },
  ...last,
]

/** Every phase of this form drains, so what is not delivered at its end is lost. */
const fleet: readonly Column[] = [
  { title: 'fault', cell: ({ fault }) => fault },
  { title: 'point', cell: ({ point }) => point },
  { title: 'accepted', cell: ({ own }) => String(own.accepted) },
  { title: 'delivered', cell: ({ own }) => String(own.delivered) },
  { title: 'lost', cell: ({ own }) => String(own.accepted - own.delivered) },
  { title: 'doubled', cell: ({ own }) => String(own.doubled) },
  { title: 'disordered', cell: ({ own }) => String(own.disordered) },
  ...last,
]

const columnsOf = ({ isFleet }: Pick<Options, 'isFleet'>) => (isFleet ? fleet : alone)

/** One line while the drill runs. */
export function progressOf(options: Pick<Options, 'isFleet'>, result: PhaseResult): string {
  const figures = columnsOf(options).filter(({ title }) => !['phase', 'fault', 'point'].includes(title))
  const cells = figures.map(({ title, cell }) => `${title} ${cell(result)}`)
  return `${result.name.padEnd(24)}  ${cells.join('  ')}`.trimEnd()
}

/** The matrix at the end, as Markdown. */
export function matrixOf(options: Pick<Options, 'isFleet'>, results: readonly PhaseResult[]): string {
  const columns = columnsOf(options)
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [
    line(columns.map(({ title }) => title)),
    line(columns.map(() => '---')),
    ...results.map((result) => line(columns.map(({ cell }) => cell(result)))),
  ].join('\n')
}
