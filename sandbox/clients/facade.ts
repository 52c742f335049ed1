import type { ClientRow } from '../rows.ts'

/** A province whose one-stop software posts bare lists to a façade, and can be given nothing but an address. */
export const facadeClient: ClientRow = {
  code: 'H37',
  name: 'Phần mềm một cửa tỉnh Mẫu (façade)',
  partyClass: 'state',
  dialect: 'facade',
  options: {},
  grants: ['dossier.submitted', 'dossier.updated', 'status.updated'],
  door: { path: '/facade/~motcua/{secret}', account: 'motcua', names: ['account', 'key'] },
}
