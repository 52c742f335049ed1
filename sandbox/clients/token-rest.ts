import type { ClientRow } from '../rows.ts'

/** A province whose one-stop software speaks the token REST of 2026. */
export const tokenRestClient: ClientRow = {
  code: 'H15',
  name: 'Phần mềm một cửa tỉnh Mẫu (REST có token)',
  partyClass: 'state',
  dialect: 'token-rest',
  options: {},
  grants: ['dossier.submitted', 'status.updated'],
  door: { path: '/token-rest', account: 'h15-mot-cua', names: ['clientId', 'clientSecret'] },
}
