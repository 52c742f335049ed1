import { createHmac, randomBytes, randomUUID } from 'node:crypto'
import { openAccounts } from '../../sandbox/open-accounts.ts'
import type { ClientAccount } from '../../sandbox/rows.ts'
import { ask, pieces, textOf, timed, upload, type LargeRow } from './large.ts'
import type { Place } from './place.ts'
import { startGateway } from './system.ts'

export interface DocumentPlan {
  /** Of the one attachment. */
  readonly fileBytes: number
}

const mebi = 1024 * 1024
/** A multiple of three: its base64 has no end of its own. */
const piece = randomBytes(3 * mebi)

/** One large letter through the door of edXML, from its first byte to the recorded delivery, beside its file through the native door. */
export async function measureDocuments(
  place: Place,
  { fileBytes }: DocumentPlan,
): Promise<readonly LargeRow[]> {
  const system = await startGateway(place, await place.createDatabase('documents'))
  try {
    await openAccounts(place.sandbox)
    const account = place.sandbox.clients.find(({ row }) => row.dialect === 'vxp')
    const [recipient = ''] = place.recipients
    const [apiKey = ''] = place.apiKeys
    if (account === undefined) throw new Error('the place has no account of VXP')
    const size = `${Math.round(fileBytes / mebi)} MiB`
    return [
      await timed(system, `a file of ${size} through POST /v1/files`, {
        bytes: fileBytes,
        act: () => upload({ url: system.url, apiKey }, piece, fileBytes),
      }),
      await timed(system, `a letter with a file of ${size} as edXML, delivered`, {
        bytes: fileBytes,
        act: () => sendEdoc(account, letterTo(recipient, fileBytes)),
      }),
    ]
  } finally {
    await system.stop()
  }
}

const qcvn = 'http://www.mic.gov.vn/TBT/QCVN_102_2016'

/** The letter as it is written, one piece at a time. */
function letterTo(recipient: string, fileBytes: number): (sender: string) => Iterable<Uint8Array> {
  const base64 = Buffer.from(piece.toString('base64'))
  const encodedBytes = Math.ceil(fileBytes / 3) * 4
  const id = randomUUID()
  return function* (sender) {
    yield Buffer.from(
      `<edXML xmlns="${qcvn}"><edXMLEnvelope><edXMLHeader><MessageHeader><From><OrganId>${sender}</OrganId></From>` +
        `<To><OrganId>${recipient}</OrganId></To><DocumentId>${id}</DocumentId><Subject>Văn bản đo</Subject></MessageHeader>` +
        '</edXMLHeader></edXMLEnvelope><AttachmentEncoded><Attachment><ContentId>cid:1</ContentId>' +
        '<AttachmentName>do.bin</AttachmentName><ContentTransferEncoded>',
    )
    yield* pieces(base64, encodedBytes - (encodedBytes % 4))
    yield Buffer.from('</ContentTransferEncoded></Attachment></AttachmentEncoded></edXML>\r\n')
  }
}

/** Posts a letter as the official client does (edXML §8.1). */
async function sendEdoc(
  { url, secret, row: { code, door } }: ClientAccount,
  letter: (sender: string) => Iterable<Uint8Array>,
): Promise<void> {
  const signed = JSON.stringify({
    'XroadVnpt-systemid': door.account,
    'XroadVnpt-from': code,
    'XroadVnpt-servicetype': 'eDoc',
    'XroadVnpt-messagetype': 'edoc',
    'XroadVnpt-timestamp': '22112026T080000+0000',
  })
  const headers = {
    ...(JSON.parse(signed) as Record<string, string>),
    'content-type': 'application/octet-stream',
    'XroadVnpt-sign-header-key': 'systemid;from;servicetype;messagetype;timestamp',
    'XroadVnpt-sign-header': signed,
    'XroadVnpt-hash-header': createHmac('sha256', secret).update(signed).digest('hex'),
  }
  const { body } = await ask({ url, headers }, 'POST', `${new URL(url).pathname}/sendEdoc`, letter(code))
  const text = await textOf(body)
  if (!text.includes('"ErrorCode":"0"')) throw new Error(`a letter was answered: ${text}`)
}
