import { join } from 'node:path'
import type { Sandbox } from './rows.ts'
import { practiceCode } from './parties.ts'
import type { Screen } from './screen.ts'

/** What there is to try with: a message, a delivery that waits in the practice mailbox, a sample to send again. */
export interface Tries {
  readonly sandbox: Sandbox
  readonly messageId: string
  readonly deliveryId: string
  readonly sample: string
}

const letter = JSON.stringify({
  action: 'notice.notification',
  recipients: ['G22'],
  payload: { MaThongBao: 'TB-000998', TieuDe: 'Thử JSON', NoiDung: 'Thư gửi bằng một lệnh curl.' },
})

/** Writes the addresses and the commands to try next; they work as they stand in a POSIX shell. */
export function showTries(screen: Screen, { sandbox, messageId, deliveryId, sample }: Tries): void {
  const { dir, gatewayUrl, paths, parties } = sandbox
  const title = (text: string) => screen.line(screen.paint('dim', `# ${text}`))
  const as = (code: string) => `-H "Authorization: Bearer $(key ${code})"`
  screen.line()
  screen.line(screen.paint('bold', `TRỤC ĐANG CHẠY · the gateway is up: ${gatewayUrl}`))
  for (const { code, name, dialect } of parties)
    screen.line(`  ${code.padEnd(8)} ${dialect.padEnd(9)} ${name}`)
  screen.line(`  Khóa, chứng thư / keys: ${paths.credentials} · nhật ký / log: ${paths.log}`)
  screen.line()
  title('Khóa API của một bên (chạy trước) · API key of a party (run this first)')
  screen.line(
    `key() { node -p "JSON.parse(fs.readFileSync('${paths.credentials}', 'utf8')).find((row) => row.code === '$1').apiKey"; }`,
  )
  title('Sức khỏe và số đo · health and metrics')
  screen.line(`curl -s ${gatewayUrl}/health/ready`)
  screen.line(`curl -s ${gatewayUrl}/metrics | grep -v -e '^#' -e bucket | head -40`)
  title('Trạng thái, lượt giao và biên nhận của một thông điệp · a message with its deliveries and receipts')
  screen.line(`curl -s ${as('operator')} ${gatewayUrl}/v1/messages/${messageId}`)
  title(`Gửi một thông điệp JSON; gửi lại thì nhận biên nhận cũ · send JSON; again gives the first receipt`)
  screen.line(
    `curl -s ${as(practiceCode)} -H 'Content-Type: application/json' -H 'Idempotency-Key: thu-1' -d '${letter}' ${gatewayUrl}/v1/messages`,
  )
  screen.line(`curl -s ${as(practiceCode)} '${gatewayUrl}/v1/messages?direction=sent'`)
  title(`Lấy thư của ${practiceCode}, rồi xác nhận · pull the mailbox, then acknowledge`)
  screen.line(`curl -s ${as(practiceCode)} '${gatewayUrl}/v1/mailbox?max=5'`)
  screen.line(
    `curl -s ${as(practiceCode)} -H 'Content-Type: application/json' -d '{"outcome":"processed"}' ${gatewayUrl}/v1/mailbox/${deliveryId}/ack`,
  )
  title('Thay đổi của danh mục thủ tục · changes of the catalogue of procedures')
  screen.line(`curl -s ${as('H49')} '${gatewayUrl}/v1/catalogs/1/changes?since=0'`)
  title('Gửi lại một mẫu: 200 và biên nhận cũ · send a sample again: 200 and the first receipt')
  screen.line(
    `curl -s -i ${as('H49')} -H 'Content-Type: application/xml' --data-binary '@${join(dir, 'outbox', `${sample}.xml`)}' ${gatewayUrl}/v1/messages`,
  )
  showAccounts(screen, sandbox)
  screen.line()
  screen.line(screen.paint('bold', 'Nhấn Ctrl-C để dừng. · Press Ctrl-C to stop.'))
}

/** Partners' software: the address to give to it, and where its account stands. */
function showAccounts(screen: Screen, { clients, paths }: Sandbox): void {
  for (const { row, url } of clients) {
    const { code, name, dialect } = row
    screen.line(screen.paint('dim', `# ${name} · ${dialect}: ${url}`))
    screen.line(
      `node -p "JSON.parse(fs.readFileSync('${paths.credentials}', 'utf8')).find((row) => row.code === '${code}')"`,
    )
  }
}
