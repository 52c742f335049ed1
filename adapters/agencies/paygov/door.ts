import { answerOf, GatewayError } from '../../../schemas/errors.ts'
import { isMarkedBy } from '../../../signing/joined-mark.ts'
import type { DoorAnswer, DoorRequest, Trusted } from '../dialect.ts'
import type { Claim, Deed, DialectDoor, Done, Guest } from '../door.ts'
import { sentenceOf } from '../dossiers/words.ts'
import { jsonAnswer, statusOf } from '../payments/answers.ts'
import { paymentAsked } from '../payments/asked.ts'
import { contentOf } from '../payments/content.ts'
import { joined, nationalNames, type Names } from '../payments/names.ts'
import { isTaken } from '../payments/result.ts'
import { PaygovOptions } from './options.ts'

type Caller = Guest<PaygovOptions>

/** Fields of a callback under their national names. */
export const names: Names = {
  partnerCode: 'MaDoiTac',
  orderId: 'MaThamChieu',
  amount: 'SoTien',
  orderInfo: 'ThongTinGiaoDich',
  transactionNo: 'MaGiaoDich',
  payDate: 'ThoiGianGD',
  payGate: 'MaNganHang',
  errorCode: 'MaLoi',
}

/** A callback names nobody: the address that it was given does. */
const partnerOf = ({ path }: DoorRequest): string => /^\/paygov\/([^/]+)\/callback$/.exec(path)?.[1] ?? ''

function claim(request: DoorRequest): Claim {
  const { text } = paymentAsked(request)
  return {
    kind: 'account',
    account: partnerOf(request),
    isProvedBy(secrets, options) {
      const { checksumFields, checksumRule } = PaygovOptions.parse(options)
      return isMarkedBy(text('checksum'), joined(checksumFields, text), { rules: [checksumRule], secrets })
    },
  }
}

/** Success in the spelling of the partner is said in the common one too. */
export function paygovContent(request: DoorRequest, guest: Caller): Trusted {
  const asked = paymentAsked(request)
  const code = asked.text('errorCode')
  const isOwnSpelling = guest.options.acceptedCodes.includes(code) && !['0', '00'].includes(code)
  return contentOf({
    ...{ action: 'payment.result', guest, original: request.body },
    words: [joined(Object.keys(names), asked.text)],
    payload: {
      ...nationalNames(names, asked, 'checksum'),
      ...(isOwnSpelling ? { TrangThaiGD: '1' } : {}),
    },
  })
}

/** An order names its unit and dossier, so no two partners have the same. */
function read(request: DoorRequest, guest: Caller | null): Deed {
  if (guest === null) throw new GatewayError('unauthenticated', { reason: 'checksum' })
  return { kind: 'money', content: paygovContent(request, guest), partner: '' }
}

const answer = (isSuccess: boolean, sentence: string, status = 200): DoorAnswer =>
  jsonAnswer({ error_code: isSuccess ? 'SUCCESSFUL' : 'FAILED', error_message: sentence }, status)

function write(done: Done, _request: DoorRequest, guest: Caller | null): DoorAnswer {
  const isSuccess = done.kind === 'money' && guest !== null && isTaken(done, guest.options)
  return answer(isSuccess, isSuccess ? 'Thành công' : 'Đã ghi nhận để đối soát')
}

/** The address that a province's PayGov is given for its callbacks (dvcqg §9.4). */
export const door: DialectDoor<PaygovOptions> = {
  rows: [
    {
      method: 'POST',
      path: '/paygov/:partner/callback',
      summary: { vi: 'Kết quả thanh toán của PayGov tỉnh', en: 'Result of a payment by a province’s PayGov' },
    },
  ],
  claim,
  read,
  write,
  fail: (error) =>
    answer(
      false,
      error.code === 'unauthenticated' ? 'Sai checksum hoặc mã đối tác' : sentenceOf(answerOf(error)),
      statusOf(error),
    ),
}
