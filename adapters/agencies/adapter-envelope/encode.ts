import type { ActionName } from '../../../schemas/actions.ts'
import type { Agency } from '../../../schemas/agency.ts'
import { textOf } from '../../../schemas/fields.ts'
import type { Message, Payload } from '../../../schemas/message.ts'
import type { Encoded, Unsupported } from '../dialect.ts'
import { inboxActions } from '../dossiers/inboxes.ts'
import { procedureCode } from '../dossiers/lookups.ts'
import {
  areStates,
  isSupplement,
  stateServices,
  stateType,
  supplementCall,
  writeState,
} from '../dossiers/promotions.ts'
import { encodedJson, unsupported } from '../encoded.ts'
import { EnvelopeOptions, hasAddress } from './options.ts'

/** Services of the portal by the action that they carry (dvcqg §3, §4, §7, §8.2). */
const services: Readonly<
  Partial<Record<ActionName, { readonly service: string; readonly isUpdating?: string }>>
> = {
  'dossier.submitted': { service: 'DongBoHoSoMC', isUpdating: 'False' },
  'dossier.updated': { service: 'DongBoHoSoMC', isUpdating: 'True' },
  'status.updated': { service: 'CapNhatTienDoHoSoMC' },
  'question.asked': { service: 'DongBoHoiDap' },
  'question.answered': { service: 'DongBoKetQuaHoiDapGuiTuDVCQG' },
  'question.rated': { service: 'DongBoDanhGia' },
  'pakn.received': { service: 'DongBoPAKN' },
  'pakn.progress': { service: 'CapNhatTrangThaiPAKN' },
  'pakn.answered': { service: 'DongBoKetQuaPAKN' },
  'pakn.forwarded': { service: 'ChuyenPAKN' },
  'pakn.supplement-asked': { service: 'YeuCauBoSungPAKN' },
}

/** A message as the portal's service takes it, but for the session; or as the agency's own path does, whole. */
export function encode(message: Message, { options }: Agency): Encoded | Unsupported {
  const read = EnvelopeOptions.parse(options)
  return read.portal === undefined ? toAgency(message, read) : toPortal(message, read)
}

function toPortal(
  { action, sender, payload }: Message,
  { units, services: names }: EnvelopeOptions,
): Encoded | Unsupported {
  const row = services[action as ActionName] // a message's action is one of the table
  if (row === undefined) return unsupported(`the portal has no service for ${action}`)
  const rows = rowsOf(payload)
  const call =
    action === 'status.updated' && areStates(rows)
      ? { service: stateServices.adapter, ...stateType, data: rows.map(writeState) }
      : { ...row, data: rows }
  return encodedJson({
    madonvi: madonviOf(sender, units),
    ...call,
    service: serviceName(call.service, names),
  })
}

/** What the portal calls a service of ours. */
export const serviceName = (service: string, names: EnvelopeOptions['services']): string =>
  Object.keys(names).find((name) => names[name] === service) ?? service

/** A body's code as the portal knows it. */
export const madonviOf = (code: string, units: EnvelopeOptions['units']): string =>
  Object.keys(units).find((name) => units[name] === code) ?? code

/** Which of the agency's own paths takes a message (dvcqg §10). */
export function pathOf(
  { action, payload }: Pick<Message, 'action' | 'payload'>,
  { url, taxUrl, promotionUrl, supplementUrl, promotionProcedures }: EnvelopeOptions,
): string | undefined {
  if (action === 'payment.requested') return taxUrl
  if (action === 'dossier.supplemented')
    return rowsOf(payload).every(isSupplement) ? supplementUrl : undefined
  if (action !== 'dossier.submitted') return undefined
  const isPromotion = promotionProcedures.includes(procedureCode(textOf(rowsOf(payload)[0]?.['MaTTHC'])))
  return isPromotion ? (promotionUrl ?? url) : url
}

function toAgency(message: Message, options: EnvelopeOptions): Encoded | Unsupported {
  if (!hasAddress(options) && inboxActions.includes(message.action)) return encodedJson(message.payload)
  const [row, ...others] = rowsOf(message.payload)
  if (row === undefined || others.length > 0)
    return unsupported(`a call to the agency carries one thing, not ${others.length + 1}`)
  if (pathOf(message, options) === undefined)
    return unsupported(`the body has no address for ${message.action}`)
  return encodedJson(message.action === 'dossier.supplemented' ? supplementCall(row) : row)
}

const rowsOf = (payload: Payload): readonly Payload[] =>
  (payload['data'] as readonly Payload[] | undefined) ?? [payload]
