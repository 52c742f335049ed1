import { parseArgs } from 'node:util'
import type { DialectPlan } from './dialects.ts'
import type { DocumentPlan } from './documents.ts'
import type { LargePlan } from './large.ts'

/** How much of everything a run takes: the quick one shows the same figures, more coarsely. */
export interface Plan {
  readonly large: LargePlan
  readonly dialects: DialectPlan
  readonly documents: DocumentPlan
  /** Slices of the raw measurement at each of the moments, and the length of one in ms. */
  readonly raw: { readonly slices: number; readonly ms: number }
  readonly signing: { readonly sizes: readonly number[]; readonly ms: number }
  readonly stored: { readonly few: number; readonly many: number }
  /** Messages of one relay run, and of the warm-up before it: a gateway runs for months, and V8 needs thousands of messages to compile it. */
  readonly relay: {
    readonly runs: number
    readonly small: number
    readonly large: number
    readonly warm: number
  }
  readonly handWritten: { readonly runs: number; readonly messages: number; readonly warm: number }
  readonly shovel: { readonly runs: number; readonly messages: number }
  readonly steady: { readonly seconds: number; readonly share: number }
  readonly profile: { readonly messages: number }
}

const kibi = 1024

/** The same for both: what it shows, it shows at this size. */
const large: LargePlan = { atOnce: 100, fileBytes: 16 * kibi * kibi, envelopeBytes: 1_200_000 }

/** As large as a file may be. */
const documents: DocumentPlan = { fileBytes: 198 * kibi * kibi }

const plans = {
  full: {
    ...{ large, documents },
    dialects: { dossiers: 4_000, warm: 4_000 },
    raw: { slices: 3, ms: 400 },
    signing: { sizes: [2 * kibi, 10 * kibi, 100 * kibi, kibi * kibi], ms: 2_000 },
    stored: { few: 10_000, many: 1_000_000 },
    relay: { runs: 5, small: 6_000, large: 3_000, warm: 6_000 },
    handWritten: { runs: 3, messages: 800, warm: 600 },
    shovel: { runs: 3, messages: 20_000 },
    steady: { seconds: 60, share: 0.7 },
    profile: { messages: 8_000 },
  },
  quick: {
    ...{ large, documents },
    dialects: { dossiers: 1_000, warm: 1_000 },
    raw: { slices: 2, ms: 100 },
    signing: { sizes: [2 * kibi, 10 * kibi, 100 * kibi, kibi * kibi], ms: 250 },
    stored: { few: 10_000, many: 50_000 },
    relay: { runs: 3, small: 1_500, large: 600, warm: 2_000 },
    handWritten: { runs: 3, messages: 100, warm: 20 },
    shovel: { runs: 3, messages: 3_000 },
    steady: { seconds: 8, share: 0.7 },
    profile: { messages: 1_000 },
  },
} as const satisfies Record<string, Plan>

/** Parts that may be run alone. */
const parts = ['large', 'dialects', 'documents'] as const
type Part = (typeof parts)[number]

export interface Options {
  /** One part alone, which leaves the document as it is; null: all. */
  readonly only: Part | null
  readonly quick: boolean
  readonly json: boolean
  readonly plan: Plan
  /** Where the data of the run stays; null: in a temporary folder that is removed. */
  readonly folder: string | null
}

/** Reads the command line. Throws an Error that names the argument at fault. */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      folder: { type: 'string' },
      only: { type: 'string' },
    },
  })
  const { quick, json, folder = null } = values
  const only = parts.find((part) => part === values.only) ?? null
  if (only === null && values.only !== undefined) throw new Error(`--only knows: ${parts.join(', ')}`)
  return { only, quick, json, folder, plan: quick ? plans.quick : plans.full }
}
