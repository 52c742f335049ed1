/** A message's content as the drill writes it; its field names are national ones, but for `ThuTu`. */
type Payload = Readonly<
  Record<string, string | number | readonly Readonly<Record<string, string | number>>[]>
>

/** All messages about one subject, from one sender to the same recipients: what the gateway must keep in order. */
export interface Lane {
  readonly index: number
  readonly subjectKey: string
  readonly sender: string
  readonly recipients: readonly string[]
  readonly action: string
}

/** One message of a lane; `seq` counts from 1 in the order in which the sender sends. */
export interface Item {
  readonly lane: Lane
  readonly seq: number
}

interface Kind {
  readonly action: string
  readonly subjectKey: (index: number) => string
  readonly payload: (subjectKey: string, seq: number) => Payload
}

const pad = (value: number, width: number) => String(value).padStart(width, '0')
const moment = (seq: number) => `202611${pad(1 + (seq % 28), 2)}${pad(seq % 24, 2)}${pad(seq % 60, 2)}00`

const status: Kind = {
  action: 'status.updated',
  subjectKey: (index) => `H49.05-261121-${pad(index, 4)}`,
  payload: (MaHoSo, seq) => ({
    data: [{ MaHoSo, NguoiXuLy: 'Đỗ Văn Kiểm', ThoiDiemXuLy: moment(seq), TrangThai: '2', ThuTu: seq }],
  }),
}

const payment: Kind = {
  action: 'payment.result',
  subjectKey: (index) => `H4926112100${pad(index, 6)}T20261121090000`,
  payload: (MaThamChieu, seq) => ({
    MaThamChieu,
    LoaiBanTin: 'CONFIRM',
    SoTien: 50_000 + seq,
    ThoiGianGD: moment(seq),
    ThuTu: seq,
  }),
}

/** Two families with different priorities: the lanes of a recipient overtake each other, but never themselves. */
const kindOf = (index: number): Kind => (index % 2 === 0 ? status : payment)

/** The actions that the senders must be granted. */
export const actionsSent: readonly string[] = [status.action, payment.action]

/** The lanes of a drill, spread over senders and recipients; every fifth has two recipients. */
export function lanesOf(
  count: number,
  parties: { readonly senders: readonly string[]; readonly recipients: readonly string[] },
): readonly Lane[] {
  const { senders, recipients } = parties
  return Array.from({ length: count }, (_, index) => {
    const first = index % recipients.length
    const width = index % 5 === 4 ? 2 : 1
    return {
      index,
      subjectKey: kindOf(index).subjectKey(index),
      sender: senders[index % senders.length] ?? '',
      recipients: [...recipients, ...recipients].slice(first, first + width),
      action: kindOf(index).action,
    }
  })
}

export function payloadOf({ lane, seq }: Item): Payload {
  return kindOf(lane.index).payload(lane.subjectKey, seq)
}

/** The sender's own reference, from which a recipient's copy is known again. */
export function refOf({ lane, seq }: Item): string {
  return `DRILL-${lane.index}-${seq}`
}

/** Lane and place that a reference names; undefined for a message that is none of ours. */
export function itemOf(ref: string, lanes: readonly Lane[]): Item | undefined {
  const [, index, seq] = /^DRILL-(\d+)-(\d+)$/.exec(ref) ?? []
  const lane = lanes[Number(index)]
  return lane === undefined ? undefined : { lane, seq: Number(seq) }
}
