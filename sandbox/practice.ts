import type { Reader } from '../client/index.ts'
import type { Ledger } from './ledger.ts'
import { practiceCode } from './parties.ts'
import type { Screen } from './screen.ts'
import type { Stage } from './stage.ts'
import { showTries } from './tries.ts'

export interface Practice {
  readonly stage: Stage
  readonly screen: Screen
  readonly ledger: Ledger
  readonly run: string
  readonly reader: Pick<Reader, 'message'>
}

const sample = 'practice'
const sender = 'G22'
const again = '010-dossier-submitted'
const answerMs = 10_000

/** Leaves a message in the practice mailbox and writes what to try. */
export async function practise({ stage, screen, ledger, run, reader }: Practice): Promise<void> {
  stage.parties.get(sender)?.tell({
    do: 'send',
    order: {
      sample,
      action: 'notice.notification',
      senderRef: `${run}-${sample}`,
      recipients: [practiceCode],
      payload: {
        MaThongBao: 'TB-000999',
        TieuDe: 'Thư thực hành',
        NoiDung: 'Hãy lấy thư này rồi xác nhận đã xử lý.',
      },
      encrypt: false,
    },
  })
  await ledger.until(() => ledger.sentOf(sample) !== undefined, answerMs)
  const messageId = ledger.sentOf(sample)?.id ?? ''
  const { deliveries } = await reader.message(messageId)
  const [delivery] = deliveries
  const tries = { sandbox: stage.sandbox, messageId: ledger.sentOf(again)?.id ?? messageId, sample: again }
  showTries(screen, { ...tries, deliveryId: delivery?.id ?? '' })
}
