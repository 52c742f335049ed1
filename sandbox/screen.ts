/** Where the show is written. Colour only where a person looks. */
export interface Screen {
  line(text?: string): void
  /** A line of cells under the head of the table. */
  row(cells: readonly string[], style?: Style): void
  heading(text: string): void
  paint(style: Style, text: string): string
}

export type Style = keyof typeof codes

const codes = { plain: '0', bold: '1', dim: '2', red: '31', green: '32', yellow: '33', cyan: '36' } as const

/** Columns of the show and their widths; the last one takes what it needs. */
const columns = [
  { vi: 'Giờ', en: 'time', width: 8 },
  { vi: 'Số', en: 'no.', width: 6 },
  { vi: 'Từ → đến', en: 'from → to', width: 18 },
  { vi: 'Việc', en: 'action', width: 28 },
  { vi: 'Đối tượng', en: 'subject', width: 36 },
  { vi: 'Trạng thái', en: 'state', width: 0 },
] as const

export function createScreen(out: {
  readonly write: (text: string) => unknown
  readonly colour: boolean
}): Screen {
  const paint = (style: Style, text: string) =>
    out.colour && style !== 'plain' && text !== '' ? `\u001b[${codes[style]}m${text}\u001b[0m` : text
  const line = (text = '') => void out.write(`${text}\n`)
  const row = (cells: readonly string[], style: Style = 'plain') => {
    const padded = cells.map((cell, index) => fit(cell, columns[index]?.width ?? 0))
    const state = padded.pop() ?? ''
    line(`${padded.join(' ')} ${paint(style, state)}`.trimEnd())
  }
  return {
    line,
    row,
    paint,
    heading(text) {
      line()
      line(paint('bold', text))
      const titles = columns.map(({ vi, en }, index) =>
        fit(`${vi}/${en}`, index === 0 ? 8 : (columns[index]?.width ?? 0)),
      )
      line(paint('dim', titles.join(' ')))
    },
  }
}

/** Pads or cuts to a width; 0 = as it is. */
function fit(text: string, width: number): string {
  if (width === 0) return text
  return text.length > width ? `${text.slice(0, width - 1)}…` : text.padEnd(width)
}
