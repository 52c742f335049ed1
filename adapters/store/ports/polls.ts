/** When the servers of bodies are asked for what they hold for us, for N processes. */
export interface PollStore {
  /** Codes of the bodies that are not to be asked at `now`: it is not their time, or somebody is at it. */
  restingPolls(now: number): Promise<ReadonlySet<string>>
  /** The lease on asking a body, for the one caller that may, with the failures in a row before and the last mark; null for all others. */
  takePoll(
    agency: string,
    lease: { owner: string; now: number; until: number },
  ): Promise<{ readonly failures: number; readonly mark: string | null } | null>
  /** Prolongs a lease. False where another has it by now. */
  keepPoll(agency: string, lease: { owner: string; until: number }): Promise<boolean>
  /** Remembers how far a list was settled, if the lease is still the owner's. */
  markPoll(agency: string, owner: string, mark: string): Promise<void>
  /** Ends a lease, if it is still the owner's. */
  endPoll(agency: string, owner: string, next: { dueAt: number; failures: number }): Promise<void>
  /** What was settled of a list that its body gives whole each time: names of things, with the versions that were settled. */
  settledThings(agency: string, list: string): Promise<ReadonlyMap<string, string>>
  /** Remembers the version (at most 100 characters) that was settled of a thing; null forgets it. */
  settleThing(
    agency: string,
    thing: { readonly list: string; readonly name: string; readonly version: string | null },
  ): Promise<void>
}
