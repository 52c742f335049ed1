/** A token or a session that a partner has given; `until` in ms. */
export interface Token {
  readonly value: string
  readonly until: number
}

/** Tokens by a key, or why there is none (`F`). */
export interface HeldTokens<F> {
  /** The token that is held or under way; else the one that `ask` gets. What `ask` says instead is shared with those who wait for it, and not held. */
  take(key: string, ask: () => Promise<Token | F>): Promise<Token | F>
  /** Forgets a token that was refused; not a newer one that another call has got meanwhile. */
  forget(key: string, token: Token): void
}

interface Held<F> {
  readonly asked: Promise<Token | F>
  token: Token | undefined
  /** ms; then another is asked for. */
  until: number
}

/** Held in this process alone; calls that need one at once share the request for it. `now` in ms. */
export function createHeldTokens<F extends object>(now: () => number): HeldTokens<F> {
  const held = new Map<string, Held<F>>()

  return {
    take(key, ask) {
      const present = held.get(key)
      if (present !== undefined && present.until > now()) return present.asked
      const asked = ask()
      const fresh: Held<F> = { asked, token: undefined, until: Infinity }
      held.set(key, fresh)
      void asked.then(
        (answer) => {
          fresh.token = 'until' in answer ? answer : undefined
          fresh.until = fresh.token?.until ?? 0
        },
        () => (fresh.until = 0),
      )
      return asked
    },
    forget(key, token) {
      if (held.get(key)?.token === token) held.delete(key)
    },
  }
}
