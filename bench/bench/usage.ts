import { readFileSync } from 'node:fs'

/** Linux counts processor time in hundredths of a second, whatever the clock of the machine. */
const tickMs = 10

/** Processor time of a process so far in ms, its ended children left out; 0 when it is gone. */
export function cpuMs(pid: number): number {
  const stat = read(`/proc/${pid}/stat`)
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) * tickMs
}

/** Memory that a process holds, in MiB; 0 when it is gone. */
export function rssMiB(pid: number): number {
  const [, kib = 0] = /^VmRSS:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/status`)) ?? []
  return Number(kib) / 1_024
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

export interface Watched {
  readonly name: string
  readonly pid: number
}

/** What a process took while it was watched. */
export interface Usage {
  readonly name: string
  readonly cpuMs: number
  /** The most it held. */
  readonly rssMiB: number
  /** Means of the second and of the last quarter: equal where memory is flat. */
  readonly rssEarlyMiB: number
  readonly rssLateMiB: number
}

/** Watches processes from now on. */
export function watch(processes: readonly Watched[], everyMs = 250): { stop(): readonly Usage[] } {
  const begun = processes.map(({ pid }) => cpuMs(pid))
  const samples = processes.map((): number[] => [])
  const sample = () => processes.forEach(({ pid }, index) => samples[index]?.push(rssMiB(pid)))
  const timer = setInterval(sample, everyMs)
  sample()
  return {
    stop() {
      clearInterval(timer)
      sample()
      return processes.map(({ name, pid }, index) => {
        const seen = samples[index] ?? []
        return {
          name,
          cpuMs: cpuMs(pid) - (begun[index] ?? 0),
          rssMiB: Math.max(...seen),
          rssEarlyMiB: quarterMean(seen, 1),
          rssLateMiB: quarterMean(seen, 3),
        }
      })
    },
  }
}

function quarterMean(values: readonly number[], quarter: number): number {
  const size = values.length / 4
  const part = values.slice(Math.floor(quarter * size), Math.ceil((quarter + 1) * size))
  return part.reduce((sum, value) => sum + value, 0) / Math.max(1, part.length)
}
