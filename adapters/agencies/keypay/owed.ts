import { writeDate } from '../../../schemas/dates.ts'
import type { Payload } from '../../../schemas/message.ts'
import type { DoorAnswer } from '../dialect.ts'
import type { Found, KnownMessage } from '../door.ts'
import { jsonAnswer } from '../payments/answers.ts'

const open = ['asked', 'pending', 'failed']

/** The receipt block, and the fields of it that a message has outside the block. */
function billIn(messages: readonly KnownMessage[]): Payload {
  const payload = messages.find(({ action }) => action === 'payment.requested')?.payload ?? {}
  const { ThongTinBienLai = {}, ThongTinGiaoDich = '' } = payload
  return { NoiDungThanhToan: ThongTinGiaoDich, ...(ThongTinBienLai as Payload) }
}

/** What a dossier owes: 1 = payable, the unusual success; 0 = nothing to pay (dvcqg §9.2). A dossier that was paid owes nothing. */
export function writeOwed(dossier: string, found: Found): DoorAnswer {
  const known = found.of === 'payments' ? found.payments : []
  const isPaid = known.some(({ payment }) => payment.state === 'paid')
  const due = known.filter(({ payment }) => payment.matched && open.includes(payment.state)).at(-1)
  if (isPaid || due === undefined) return jsonAnswer({ error_code: 0, message: [] })
  const { payment, messages } = due
  return jsonAnswer({
    error_code: 1,
    message: {
      ...{ SoTien: payment.asked, ...billIn(messages), MaHoSo: dossier },
      transaction_id: payment.reference,
      client_id: payment.partner,
      MaTraCuuTT: `${dossier}${writeDate(payment.updatedAt)}`,
    },
  })
}
