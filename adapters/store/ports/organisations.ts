import type { Organisation } from '../../agencies/partner-directory.ts'

/** Copies of the directories that partners keep. Codes are found whatever their case. */
export interface OrganisationStore {
  /** When (ms) the copy of a partner's directory was last read, and how many it holds; null where there is none. */
  organisationCopy(agency: string): Promise<{ readonly readAt: number; readonly count: number } | null>
  /** Those of a partner's directory that have one of these codes, of either generation. */
  findOrganisations(agency: string, codes: readonly string[]): Promise<readonly Organisation[]>
  /** Makes a copy what was read at `at`: what changed is changed, what is gone is removed, all or nothing. How many were. */
  keepOrganisations(
    agency: string,
    organisations: readonly Organisation[],
    at: number,
  ): Promise<{ readonly changed: number; readonly removed: number }>
}
