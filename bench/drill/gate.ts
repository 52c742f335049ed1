import { setTimeout as sleep } from 'node:timers/promises'

/** Keeps callers from knocking at a gateway that is known to be down. */
export interface Gate {
  /** Waits until a door is open; false when the drill is over. */
  open(): Promise<boolean>
}

const lookMs = 20

export function createGate(deps: { readonly isUp: () => boolean; readonly stopped: () => boolean }): Gate {
  return {
    async open() {
      while (!deps.stopped() && !deps.isUp()) await sleep(lookMs)
      return !deps.stopped()
    },
  }
}
