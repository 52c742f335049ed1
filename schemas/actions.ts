import type { z } from 'zod'
import { textOf } from './fields.ts'
import type { Payload } from './message.ts'
import { accountPayloads as account } from './payloads/account.ts'
import { catalogPayloads as catalog } from './payloads/catalog.ts'
import { documentPayloads as document } from './payloads/document.ts'
import { dossierPayloads as dossier } from './payloads/dossier.ts'
import { noticePayloads as notice } from './payloads/notice.ts'
import { paknPayloads as pakn } from './payloads/pakn.ts'
import { paymentPayloads as payment } from './payloads/payment.ts'
import { postPayloads as post } from './payloads/post.ts'
import { questionPayloads as question } from './payloads/question.ts'
import { statisticsPayloads as statistics } from './payloads/statistics.ts'
import { statusPayloads as status } from './payloads/status.ts'

/**
 * Who gets a message that names nobody. The rules of a row add up; the sender itself is never among them, and a message
 * for whom none is left is unroutable.
 * `named`: nobody by default, the sender must name them.
 * `portal-core`: the bodies behind the alias of that name.
 * `dossier-owner`: the body with the longest directory code that prefixes MaHoSo (`partiesOf` finds it), else the calling body.
 * `competent`: the bodies the payload itself names as competent, receiving or co-handling (`partiesOf` finds them).
 * `subscribers`: bodies that asked for this action or this catalogue.
 */
export type RecipientRule = 'named' | 'portal-core' | 'dossier-owner' | 'competent' | 'subscribers'

export interface FamilyRow {
  /** How long the retry clock runs before a delivery is dead. */
  readonly retryForMs: number
  /** 0 goes first. */
  readonly priority: number
  readonly orderKey: (payload: Payload) => string
}

const hour = 3_600_000
const days15 = 15 * 24 * hour
const hours72 = 72 * hour

function rowsOf(payload: Payload): readonly Payload[] {
  const data = payload['data']
  return Array.isArray(data) ? (data as readonly Payload[]) : [payload]
}

const fieldKey = (name: string) => (payload: Payload) => textOf(rowsOf(payload)[0]?.[name]).trim()
const pairKey = (first: string, second: string) => (payload: Payload) =>
  `${fieldKey(first)(payload)}:${fieldKey(second)(payload)}`

/** One payment keeps its place under its own reference; several share that of their batch. */
function paymentKey(payload: Payload): string {
  const single = rowsOf(payload).length === 1
  return single ? fieldKey('MaThamChieu')(payload) : textOf(payload['MaThamChieuLo']).trim()
}

/** The families of messages: what their actions share. `orderKey` names the lane, so a dossier and its progress share one. */
export const families = {
  payment: { priority: 1, retryForMs: days15, orderKey: paymentKey },
  status: { priority: 2, retryForMs: days15, orderKey: fieldKey('MaHoSo') },
  dossier: { priority: 2, retryForMs: days15, orderKey: fieldKey('MaHoSo') },
  pakn: { priority: 3, retryForMs: days15, orderKey: fieldKey('MaPAKN') },
  question: { priority: 4, retryForMs: hours72, orderKey: fieldKey('HOIDAPID') },
  account: { priority: 4, retryForMs: hours72, orderKey: fieldKey('TaiKhoan') },
  document: { priority: 4, retryForMs: hours72, orderKey: fieldKey('DocumentId') },
  catalog: { priority: 5, retryForMs: hours72, orderKey: pairKey('DanhMuc', 'Ma') },
  statistics: { priority: 5, retryForMs: hours72, orderKey: pairKey('MaDonVi', 'KyBaoCao') },
  notice: { priority: 5, retryForMs: hours72, orderKey: () => '' },
} as const satisfies Record<string, FamilyRow>

export type Family = keyof typeof families

/** Everything known about one action. */
export interface ActionRow extends FamilyRow {
  readonly family: Family
  readonly schema: z.ZodType
  readonly recipients: readonly RecipientRule[]
}

/** A row keeps the type of its schema: a client is typed by it. */
function row<Schema extends z.ZodType>(
  family: Family,
  schema: Schema,
  ...recipients: readonly RecipientRule[]
): ActionRow & { readonly schema: Schema } {
  return { ...families[family], family, schema, recipients }
}

/** Money that has moved goes before everything else. */
const first = <Row extends ActionRow>(action: Row): Row => ({ ...action, priority: 0 })

/** Every action the gateway carries; the key is what a header's `action` says. */
export const actions = {
  'dossier.submitted': row('dossier', dossier.submitted, 'portal-core'),
  'dossier.updated': row('dossier', dossier.updated, 'portal-core'),
  'dossier.supplemented': row('dossier', dossier.supplemented, 'portal-core', 'dossier-owner'),
  'dossier.receipt': row('dossier', dossier.receipt, 'portal-core'),
  'dossier.withdrawn': row('dossier', dossier.withdrawn, 'portal-core', 'dossier-owner'),
  'dossier.result': row('dossier', dossier.result, 'portal-core', 'subscribers'),
  'dossier.result-revoked': row('dossier', dossier['result-revoked'], 'portal-core', 'subscribers'),
  'dossier.copy-issued': row('dossier', dossier['copy-issued'], 'portal-core'),
  'dossier.post-ordered': row('dossier', post['post-ordered'], 'subscribers'),
  'dossier.post-cancelled': row('dossier', post['post-cancelled'], 'subscribers'),
  'dossier.post-tracked': row('dossier', post['post-tracked'], 'dossier-owner', 'subscribers'),
  'status.updated': row('status', status.updated, 'portal-core'),
  'status.requested': row('status', status.requested, 'dossier-owner'),
  'payment.requested': row('payment', payment.requested, 'portal-core', 'dossier-owner'),
  'payment.cancelled': row('payment', payment.cancelled, 'portal-core', 'dossier-owner'),
  'payment.result': first(row('payment', payment.result, 'dossier-owner', 'portal-core')),
  'payment.voucher': row('payment', payment.voucher, 'dossier-owner', 'portal-core'),
  'payment.settled': first(row('payment', payment.settled, 'dossier-owner', 'portal-core')),
  'payment.refund-requested': row('payment', payment['refund-requested'], 'dossier-owner', 'portal-core'),
  'payment.refunded': row('payment', payment.refunded, 'dossier-owner', 'portal-core'),
  'payment.refund-refused': row('payment', payment['refund-refused'], 'dossier-owner', 'portal-core'),
  'payment.records': row('payment', payment.records, 'portal-core'),
  'pakn.received': row('pakn', pakn.received, 'competent', 'portal-core'),
  'pakn.classified': row('pakn', pakn.classified, 'portal-core'),
  'pakn.refused': row('pakn', pakn.refused, 'portal-core'),
  'pakn.supplement-asked': row('pakn', pakn['supplement-asked'], 'portal-core'),
  'pakn.supplemented': row('pakn', pakn.supplemented, 'competent'),
  'pakn.forwarded': row('pakn', pakn.forwarded, 'competent', 'portal-core'),
  'pakn.co-handled': row('pakn', pakn['co-handled'], 'competent', 'portal-core'),
  'pakn.progress': row('pakn', pakn.progress, 'portal-core'),
  'pakn.answered': row('pakn', pakn.answered, 'portal-core'),
  'pakn.returned': row('pakn', pakn.returned, 'competent', 'portal-core'),
  'pakn.published': row('pakn', pakn.published, 'competent', 'portal-core'),
  'pakn.escalated': row('pakn', pakn.escalated, 'portal-core'),
  'pakn.withdrawn': row('pakn', pakn.withdrawn, 'competent', 'portal-core'),
  'catalog.changed': row('catalog', catalog.changed, 'subscribers'),
  'catalog.correction-requested': row('catalog', catalog['correction-requested'], 'competent'),
  'catalog.corrected': row('catalog', catalog.corrected, 'subscribers', 'portal-core'),
  'statistics.reported': row('statistics', statistics.reported, 'portal-core'),
  'question.asked': row('question', question.asked, 'portal-core', 'competent'),
  'question.answered': row('question', question.answered, 'portal-core'),
  'question.rated': row('question', question.rated, 'portal-core', 'competent'),
  'account.created': row('account', account.created, 'competent'),
  'account.changed': row('account', account.changed, 'competent'),
  'account.locked': row('account', account.locked, 'competent'),
  'account.scope-changed': row('account', account['scope-changed'], 'competent', 'portal-core'),
  'document.letter': row('document', document.letter, 'named'),
  'document.status': row('document', document.status, 'named'),
  'notice.alert': row('notice', notice.alert, 'subscribers'),
  'notice.maintenance': row('notice', notice.maintenance, 'subscribers'),
  'notice.incident': row('notice', notice.incident, 'subscribers'),
  'notice.notification': row('notice', notice.notification, 'portal-core'),
} as const satisfies Record<`${Family}.${string}`, ActionRow>

export type ActionName = keyof typeof actions

/** Whether the table has this action. */
export function isAction(name: string): name is ActionName {
  return Object.hasOwn(actions, name)
}
