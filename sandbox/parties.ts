import type { PartyRow, SandboxPlan } from './rows.ts'

/** A body without a process of its own that speaks plain JSON: it is for whoever tries the sandbox by hand. */
export const practiceCode = 'G99'

const pushTimeoutMs = 10_000

/** Where the bodies that are pushed to listen: a URL by their code. */
export type Addresses = Readonly<Record<string, string>>

/** Bodies that the sandbox runs a process for. */
export const actors = ['G22', 'H49', 'NHTM01', 'G03'] as const

/** Those of them that are pushed to, so that they need a port. */
export const pushed = ['G22', 'H49'] as const

/** The parties of the sandbox: a portal core, a province with two bodies below it, a bank, a ministry, and one to practise with. */
export function sandboxParties(addresses: Addresses): readonly PartyRow[] {
  const push = (code: string) => ({
    dialect: 'axis-xml' as const,
    testRecipient: true,
    options: { url: addresses[code] ?? '', timeoutMs: pushTimeoutMs },
  })
  const pull = { dialect: 'mailbox' as const, options: { format: 'sealed' } }
  return [
    {
      code: 'G22',
      name: 'Lõi Cổng Dịch vụ công quốc gia',
      partyClass: 'state',
      ...push('G22'),
      grants: grants.G22,
    },
    {
      code: 'H49',
      name: 'Hệ thống một cửa tỉnh Quảng Ninh',
      partyClass: 'state',
      signing: 'rsa',
      ...push('H49'),
      grants: grants.H49,
    },
    { code: 'H49.05', name: 'Sở Thử nghiệm', partyClass: 'state', parent: 'H49', ...push('H49'), grants: [] },
    { code: 'H49.06', name: 'Phường Mẫu', partyClass: 'state', parent: 'H49', ...push('H49'), grants: [] },
    {
      code: 'NHTM01',
      name: 'Ngân hàng thương mại số 01',
      partyClass: 'company',
      signing: 'rsa',
      ...pull,
      grants: grants.NHTM01,
    },
    {
      code: 'G03',
      name: 'Bộ Mẫu',
      partyClass: 'state',
      testRecipient: true,
      oauth: true,
      ...pull,
      grants: grants.G03,
    },
    {
      code: practiceCode,
      name: 'Cơ quan thực hành',
      partyClass: 'state',
      dialect: 'native-json',
      options: {},
      grants: ['document.status', 'notice.notification'],
    },
  ]
}

/** Who is the portal core, and who asked for what. */
export const sandboxTopics: Required<Pick<SandboxPlan, 'aliases' | 'subscriptions'>> = {
  aliases: { 'portal-core': ['G22'] },
  subscriptions: {
    'dossier.result': ['G03'],
    'dossier.result-revoked': ['G03'],
    'catalog.changed': ['H49'],
    'catalog:1': ['G22'],
    'catalog:3': ['G22'],
    'notice.maintenance': ['H49', 'G03', 'NHTM01'],
    'notice.incident': ['G22'],
    'notice.alert': ['G22'],
  },
}

/** Exactly what each body may send. */
const grants = {
  G22: [
    'account.changed',
    'account.created',
    'account.locked',
    'dossier.post-tracked',
    'dossier.submitted',
    'dossier.supplemented',
    'dossier.withdrawn',
    'notice.maintenance',
    'notice.notification',
    'pakn.published',
    'pakn.received',
    'pakn.supplemented',
    'pakn.withdrawn',
    'question.asked',
    'question.rated',
    'status.requested',
  ],
  H49: [
    'account.scope-changed',
    'catalog.correction-requested',
    'document.letter',
    'dossier.copy-issued',
    'dossier.post-cancelled',
    'dossier.post-ordered',
    'dossier.receipt',
    'dossier.result',
    'dossier.result-revoked',
    'dossier.submitted',
    'dossier.updated',
    'notice.incident',
    'notice.notification',
    'pakn.escalated',
    'pakn.forwarded',
    'pakn.refused',
    'payment.cancelled',
    'payment.records',
    'payment.refund-requested',
    'payment.requested',
    'question.answered',
    'statistics.reported',
    'status.updated',
  ],
  NHTM01: [
    'notice.alert',
    'payment.records',
    'payment.refund-refused',
    'payment.refunded',
    'payment.result',
    'payment.settled',
    'payment.voucher',
  ],
  G03: [
    'catalog.changed',
    'catalog.corrected',
    'document.letter',
    'document.status',
    'dossier.submitted',
    'pakn.answered',
    'pakn.classified',
    'pakn.co-handled',
    'pakn.progress',
    'pakn.returned',
    'pakn.supplement-asked',
    'statistics.reported',
    'status.updated',
  ],
} as const
