import type { ClientRow } from '../rows.ts'

/** A document system that speaks VXP. */
export const vxpClient: ClientRow = {
  code: 'H23',
  name: 'Hệ thống văn bản tỉnh Mẫu (VXP)',
  partyClass: 'state',
  dialect: 'vxp',
  options: {},
  grants: ['document.letter', 'document.status'],
  door: { path: '/XrdAdapter/adapter', account: 'H23.W00', names: ['systemId', 'secret'] },
}
