/**
 * What became of one attempt to deliver.
 * `fault` = the recipient's configuration is broken (its credential, address or TLS): its breaker opens at once, and the
 * message is retried. `in_doubt` = sent, answer unknown. `unsure` = the same, to a recipient that can be asked whether it came: it is,
 * before anything is sent again; `doubtedAt` (ms) is when that began. `found` = it was asked, and has it. `unsendable` = our side cannot express or seal it: parked for a person.
 */
export type Outcome =
  | { readonly kind: 'delivered' }
  | { readonly kind: 'found'; readonly code: string; readonly reason: string }
  | { readonly kind: 'processed' }
  | { readonly kind: 'refused'; readonly code: string; readonly reason: string }
  | { readonly kind: 'retry'; readonly code: string; readonly reason: string; readonly afterSeconds?: number }
  | { readonly kind: 'fault'; readonly code: string; readonly reason: string }
  | { readonly kind: 'in_doubt'; readonly code: string; readonly reason: string }
  | {
      readonly kind: 'unsure'
      readonly code: string
      readonly reason: string
      readonly doubtedAt: number
      readonly afterSeconds?: number
    }
  | { readonly kind: 'unsendable'; readonly code: string; readonly reason: string }
