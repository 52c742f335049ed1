import type { BodyPart, DraftPart } from '../../adapters/agencies/body-parts.ts'

/** Parts that ask for no signature. Throws where one does. */
export const unsigned = (parts: readonly DraftPart[]): readonly BodyPart[] =>
  parts.map((part) => {
    if (typeof part === 'object' && 'sign' in part) throw new Error('asks for a signature')
    return part
  })
