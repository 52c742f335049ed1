import { amount, code, date, digits, key, prose, record, text } from '../fields.ts'

/**
 * A parcel of the public postal service for one dossier (dvcqg §14.4): papers or a result, from the body to the citizen. Fields of the
 * parcel are those of the service; MaHoSo is its `OrderNumber`.
 */
const ordered = record({
  MaHoSo: key(),
  CustomerCode: code,
  CODAmount: amount,
  SenderProvince: digits,
  SenderDistrict: digits,
  SenderAddress: text(),
  SenderName: text(),
  SenderEmail: text(),
  SenderTel: text(),
  SenderDesc: prose,
  Description: prose,
  ReceiverName: text(),
  ReceiverAddress: text(),
  ReceiverTel: text(),
  ReceiverProvince: digits,
  ReceiverDistrict: digits,
  ReceiverEmail: text(),
  ItemCode: code,
  FlagConfig: digits,
})

const tracked = record({
  MaHoSo: key(),
  CustomerCode: code,
  EventTime: date,
  POSID: code,
  ItemCode: code,
  StatusCode: code,
  StatusMessage: text(),
  Notes: prose,
})

/** A parcel that is ordered, cancelled, and seen on its way. */
export const postPayloads = {
  'post-ordered': ordered,
  'post-cancelled': record({ MaHoSo: key(), CustomerCode: code, LyDo: prose }),
  'post-tracked': tracked,
}
