import type { Role } from '../schemas/agency.ts'

/** A person of the sandbox with a key of its own; invented, as all names here. */
export interface PersonRow {
  /** Names its row in `credentials.json`. */
  readonly code: string
  readonly name: string
  readonly role: Role
  /** The body it belongs to; null for the gateway's own people. */
  readonly agency: string | null
}

export const operatorCode = 'operator'

const people: readonly PersonRow[] = [
  { code: operatorCode, name: 'Nguyễn Văn Trực', role: 'operator', agency: null },
  { code: 'admin', name: 'Lê Thị Quản', role: 'admin', agency: null },
  { code: 'auditor', name: 'Phạm Văn Soát', role: 'auditor', agency: null },
  { code: 'H49-admin', name: 'Trần Thị Tỉnh', role: 'agency-admin', agency: 'H49' },
]

/** The gateway's people, and those of the bodies that are there. */
export function peopleOf(bodies: readonly { readonly code: string }[]): readonly PersonRow[] {
  return people.filter(({ agency }) => agency === null || bodies.some(({ code }) => code === agency))
}
