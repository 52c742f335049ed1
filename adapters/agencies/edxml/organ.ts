import type { EdxmlOptions } from './options.ts'

/** A level-1 body in the form of 2016: the body itself stands last (edXML §1.1). */
const levelOne = /^000\.00\.00\.([A-Z]\d{2})$/i
const shortForm = /^[A-Z]\d{2}$/

type Coded = Pick<EdxmlOptions, 'codes' | 'generation'>

const sameCode = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase()

/** Both generations and the free names of test systems: wide on purpose, the directory decides (edXML §1.1). */
export const isOrganCode = (text: string): boolean => /^[0-9A-Za-z._-]{1,35}$/.test(text)

/** An organisation's code as the directory has it, of whichever generation it was written in; looked up whatever its case. */
export function toDirectory(written: string, { codes }: Pick<Coded, 'codes'>): string {
  const known = Object.entries(codes).find(([partners]) => sameCode(partners, written))
  return known?.[1] ?? levelOne.exec(written)?.[1]?.toUpperCase() ?? written
}

/** The reverse, in the form that the partner's own directory has. */
export function toPartner(code: string, { codes, generation }: Coded): string {
  const known = Object.entries(codes).find(([, directory]) => directory === code)
  if (known !== undefined) return known[0]
  return generation === '2016' && shortForm.test(code) ? `000.00.00.${code}` : code
}
