/** One thing that was looked at. `advice`: what to do about it. */
export interface Finding {
  readonly check: string
  readonly state: 'ok' | 'warning' | 'fault'
  readonly text: string
  readonly advice?: string
}

export function ok(check: string, text: string): Finding {
  return { check, state: 'ok', text }
}

export function warning(check: string, text: string, advice: string): Finding {
  return { check, state: 'warning', text, advice }
}

export function fault(check: string, text: string, advice: string): Finding {
  return { check, state: 'fault', text, advice }
}

/** The message of what was thrown; it holds no secret where our own code threw it. */
export function messageOf(error: unknown): string {
  const text =
    error instanceof Error
      ? error.message || ('code' in error ? String(error.code) : error.name)
      : String(error)
  return text.replace(/^cannot start: /, '')
}
