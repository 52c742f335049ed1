/** What the bodies know already. */
export interface SubjectStore {
  /** Whether one of these bodies was ever sent anything about this subject (MaHoSo, payment reference, …). */
  isKnownSubject(subjectKey: string, bodies: readonly string[]): Promise<boolean>
}
