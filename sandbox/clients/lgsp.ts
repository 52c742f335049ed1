import type { ClientRow } from '../rows.ts'

/** A province whose one-stop software speaks to an integration platform (LGSP). */
export const lgspClient: ClientRow = {
  code: 'H16',
  name: 'Phần mềm một cửa tỉnh Mẫu (LGSP)',
  partyClass: 'state',
  dialect: 'lgsp',
  options: {},
  grants: ['dossier.submitted', 'dossier.updated', 'status.updated', 'statistics.reported'],
  door: { path: '/lgsp', account: 'h16-mot-cua', names: ['clientId', 'clientSecret'] },
}
