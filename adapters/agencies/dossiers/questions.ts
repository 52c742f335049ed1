import type { Payload } from '../../../schemas/message.ts'
import type { Question } from '../ask.ts'
import type { Asked } from './asked.ts'
import { procedureOf, upperCased } from './procedures.ts'

/** A service that may be passed on to the body that knows. */
interface Passed {
  readonly question: (asked: Asked) => Question
  /** A row of its answer in the form that our clients are known to read. */
  readonly row: (row: Payload) => readonly Payload[]
}

const asIs = (row: Payload): readonly Payload[] => [row]

/** Services that the portal answers too, by name (dvcqg §5, §6). */
export const questions: Readonly<Record<string, Passed>> = {
  TraCuuHoSo: { question: (asked) => ({ of: 'dossier', maHoSo: asked.text('mahoso') }), row: asIs },
  LayThuTuc: {
    question: (asked) => ({ of: 'procedure', maTTHC: asked.text('maTTHC') }),
    row: (row) => procedureOf(upperCased(row) as Payload), // an object stays one
  },
  TraCuuTechID: {
    question: (asked) => ({
      of: 'tech-id',
      provider: asked.text('provider') || 'wso2is',
      number: asked.text('mstorcmnd'),
    }),
    row: asIs,
  },
}
