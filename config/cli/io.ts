/** What a command touches besides the gateway; `main` gives the process's own. */
export interface Io {
  /** Answers: to standard output. */
  readonly out: (text: string) => void
  /** Faults and progress: to standard error. */
  readonly err: (text: string) => void
  readonly readStdin: () => Promise<Buffer>
  readonly env: Readonly<Record<string, string | undefined>>
  /** Whether answers are looked at by a person on a terminal that shows colours. */
  readonly colour: boolean
  /** Whether standard error is a terminal, where progress may be rewritten in place. */
  readonly terminal: boolean
  readonly now: () => number
  /** Sets the exit code; the process ends by itself. */
  readonly exit: (code: ExitCode) => void
  /** Ends with Ctrl-C. */
  readonly signal: AbortSignal
}

/** What a command answers: JSON for programs, text for people, and its exit code. */
export interface Said {
  readonly json: unknown
  readonly text: string
  readonly code?: ExitCode
}

/** Documented in docs/cli.md; scripts rely on them. */
export const exitCodes = {
  ok: 0,
  /** Something of ours is at fault: a file, the machine, what `doctor` found. */
  fault: 1,
  /** The command line is wrong. */
  usage: 2,
  /** The gateway answered with an error. */
  refused: 3,
  /** The gateway did not answer. */
  unreachable: 4,
} as const
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]
