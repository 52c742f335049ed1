import { actions, type ActionName } from '../../../schemas/actions.ts'
import { readDate, writeDate } from '../../../schemas/dates.ts'
import { textOf } from '../../../schemas/fields.ts'
import type { Json, Message, Payload } from '../../../schemas/message.ts'
import { canonical } from '../canonical.ts'

const numbers = ['CODAmount', 'SenderProvince', 'SenderDistrict', 'ReceiverProvince', 'ReceiverDistrict']
const texts = [
  ...['SenderAddress', 'SenderName', 'SenderEmail', 'SenderTel', 'SenderDesc', 'Description'],
  ...['ReceiverName', 'ReceiverAddress', 'ReceiverTel', 'ReceiverEmail'],
]

/** A parcel as the postal service reads it: its number is that of the dossier; money and places are numbers, texts are never missing. */
export function orderOf({ payload }: Message, customer: string, more: Payload): Payload {
  const { MaHoSo: code, ...given } = payload
  const written = Object.entries(given).map(([name, value]) => [
    name,
    numbers.includes(name) ? Number(textOf(value)) : value,
  ])
  return {
    ...Object.fromEntries(texts.map((name) => [name, ''])),
    CODAmount: 0,
    ...(Object.fromEntries(written) as Payload),
    ...more,
    ...{ CustomerCode: customer, OrderNumber: textOf(code) },
  }
}

/** Whether an order asks for papers to be collected, in the service's second form (dvcqg §14.4). */
export const isCollection = ({ payload }: Pick<Message, 'payload'>): boolean => 'Procedure' in payload

/** That form: what is given, under its own names, without the texts of a parcel. */
export function collectionOf({ payload }: Message, customer: string): Payload {
  const { MaHoSo: code, ...given } = payload
  return { ...given, CustomerCode: customer, OrderNumber: textOf(code) }
}

/** Rows of the postal service in the form that all dialects share. */
export function parcelOf(action: ActionName, row: Payload): Payload {
  const names = new Map(Object.keys(row).map((name) => [name.toLowerCase(), name]))
  const { [names.get('ordernumber') ?? '']: code = '', ...rest } = row
  return canonical(actions[action].schema, { ...rest, MaHoSo: code }) as Payload // an object stays one
}

/** A step of a parcel: its time is a number of milliseconds, or of seconds. */
export function trackedOf(row: Payload): Payload {
  const { EventTime: time = null, ...rest } = row
  return parcelOf('dossier.post-tracked', { ...rest, EventTime: momentOf(time) })
}

function momentOf(time: Json): Json {
  const [, seconds, thousandths] = /^(\d{10})(\d{3})?$/.exec(textOf(time)) ?? []
  return seconds === undefined ? time : writeDate(Number(seconds + (thousandths ?? '000')))
}

/** A step as the postal service lists it, under a mark of our own. */
export function listedOf(payload: Payload, mark: string): Payload {
  const { MaHoSo: code = '', EventTime: time = null, ...rest } = payload
  const fields = { CustomerCode: '', POSID: '', ItemCode: '', StatusCode: '', StatusMessage: '', Notes: '' }
  return { ...fields, ...rest, _id: { $oid: mark }, OrderNumber: code, EventTime: readDate(textOf(time)) }
}
