import type { ClientRow } from '../rows.ts'

/** A province whose one-stop software speaks the national adapter's envelope. */
export const adapterEnvelopeClient: ClientRow = {
  code: 'H22',
  name: 'Phần mềm một cửa tỉnh Mẫu (phong bì adapter)',
  partyClass: 'state',
  dialect: 'adapter-envelope',
  options: {},
  grants: ['dossier.submitted', 'dossier.updated', 'status.updated', 'question.asked', 'question.answered'],
  door: {
    path: '/XrdAdapter/RestService/forward',
    account: '000.00.00.H22',
    names: ['username', 'password'],
  },
}
