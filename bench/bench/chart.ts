/** A bar of the chart; its label stands left of it, its figure at its end. */
export interface Bar {
  readonly label: string
  readonly value: number
  readonly strong?: boolean
}

export interface Panel {
  readonly title: string
  readonly bars: readonly Bar[]
}

const width = 760
const labelWidth = 250
const barWidth = width - labelWidth - 110
const rowHeight = 24
const titleHeight = 44

const escape = (text: string) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;')
const figure = (value: number) =>
  value >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(2)

/** Draws panels of bars, each on a logarithmic scale of its own from 1 on (from its smallest bar where that is less), as an SVG document that reads well on light and on dark. */
export function drawChart(panels: readonly Panel[]): string {
  let y = 8
  const parts = panels.map((panel) => {
    const drawn = drawPanel(panel, y)
    y += titleHeight + panel.bars.length * rowHeight
    return drawn
  })
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${y + 12}" font-family="sans-serif" font-size="13">`,
    `<rect width="100%" height="100%" fill="#ffffff"/>`,
    ...parts,
    '</svg>\n',
  ].join('\n')
}

function drawPanel({ title, bars }: Panel, top: number): string {
  const floor = Math.min(1, ...bars.map(({ value }) => value)) / 2
  const ceiling = Math.max(...bars.map(({ value }) => value))
  const length = (value: number) => (barWidth * Math.log(value / floor)) / Math.log(ceiling / floor)
  return [
    `<text x="10" y="${top + 26}" font-weight="bold" fill="#1f2933">${escape(title)}</text>`,
    ...bars.map((bar, index) => drawBar(bar, length(bar.value), top + titleHeight + index * rowHeight)),
  ].join('\n')
}

function drawBar({ label, value, strong = false }: Bar, length: number, y: number): string {
  const fill = strong ? '#1d6fb8' : '#9fb3c8'
  return (
    `<text x="${labelWidth - 8}" y="${y + 12}" text-anchor="end" fill="#323f4b">${escape(label)}</text>` +
    `<rect x="${labelWidth}" y="${y}" width="${Math.max(1, length).toFixed(1)}" height="16" rx="2" fill="${fill}"/>` +
    `<text x="${(labelWidth + length + 6).toFixed(1)}" y="${y + 12}" fill="#323f4b">${figure(value)}</text>`
  )
}
