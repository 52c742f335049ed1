const widest = 100
const gap = 2
const narrowest = 6
const idLength = 36
const isId = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

const codes = { bold: '1', dim: '2', red: '31', green: '32', yellow: '33' } as const
export type Style = keyof typeof codes

/** Whether answers are coloured: on a terminal that can, unless `NO_COLOR` is set to anything. */
export function wantsColour(
  isTerminal: boolean | undefined,
  { NO_COLOR: no = '', TERM: terminal }: Readonly<Record<string, string | undefined>>,
): boolean {
  return isTerminal === true && no === '' && terminal !== 'dumb'
}

/** Colours a text where colour is wanted. */
export function paint(colour: boolean, style: Style, text: string): string {
  return colour && text !== '' ? `\u001b[${codes[style]}m${text}\u001b[0m` : text
}

/** A table of at most 100 columns: the widest column gives way, what does not fit ends in `…`; ids stay whole, to be copied. Empty text of no rows. */
export function table(head: readonly string[], rows: readonly (readonly unknown[])[]): string {
  if (rows.length === 0) return ''
  const cells = [head, ...rows.map((row) => row.map(cellText))].map((row) =>
    row.map((cell) => cell.normalize()),
  )
  const columns = head.map((_, at) => cells.map((row) => row[at] ?? ''))
  const widths = fitted(
    columns.map((column) => Math.max(...column.map(({ length }) => length))),
    columns.map((column) => (column.some((cell) => isId.test(cell)) ? idLength : narrowest)),
  )
  const line = (row: readonly string[]) =>
    row
      .map((cell, at) => cut(cell, widths[at] ?? 0))
      .join(' '.repeat(gap))
      .trimEnd()
  return cells.map(line).join('\n')
}

/** `name  value` lines, one a field; what is empty is left out. */
export function fields(pairs: readonly (readonly [string, unknown])[]): string {
  const told = pairs
    .map(([name, value]) => [name, cellText(value)] as const)
    .filter(([, value]) => value !== '')
  const width = Math.max(0, ...told.map(([name]) => name.length))
  return told.map(([name, value]) => `${name.padEnd(width)}  ${value}`).join('\n')
}

/** A time in ms as ISO 8601 to the second; a dash where there is none. */
export function timeText(at: unknown): string {
  return typeof at === 'number' ? `${new Date(at).toISOString().slice(0, 19)}Z` : '-'
}

function fitted(widths: readonly number[], least: readonly number[]): readonly number[] {
  const fit = [...widths]
  const spare = () => fit.map((width, at) => (width > (least[at] ?? 0) ? width : 0))
  const total = () => fit.reduce((sum, width) => sum + width, gap * (fit.length - 1))
  while (total() > widest && Math.max(...spare()) > 0) {
    const at = spare().indexOf(Math.max(...spare()))
    fit[at] = (fit[at] ?? 0) - 1
  }
  return fit
}

function cut(text: string, width: number): string {
  return text.length > width ? `${text.slice(0, width - 1)}…` : text.padEnd(width)
}

/** Control characters of a stranger's text must not reach the terminal. */
function cellText(value: unknown): string {
  const text = typeof value === 'string' ? value : value == null ? '' : JSON.stringify(value)
  return text.replace(/\p{Cc}/gu, ' ')
}
