import { amount, code, date, digits, key, part, prose, record, text, yesNo } from '../fields.ts'

/** Who hands papers over, or is handed the result. */
const person = part({ Name: text(), Phone: text(), ProvinceCode: code })

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
  /** Of an order to collect papers, or to bring the result: what for, and from or to whom. */
  Procedure: part({ Code: code, Title: text(), Category: text() }),
  IsSendDocument: yesNo,
  DocumentSender: person,
  IsReceiveResult: yesNo,
  ResultReceiver: person,
  State: code,
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
