import type { Dialect } from '../../adapters/agencies/dialect.ts'
import type { Store } from '../../adapters/store/store.ts'
import type { Probe, ProbeAddress } from '../../adapters/transport/probe.ts'
import type { Caller } from '../../schemas/agency.ts'
import { auditEntry } from '../../schemas/audit.ts'
import type { Said } from '../../schemas/said.ts'
import type { Directory } from '../directory.ts'
import { assertInSight } from '../sight.ts'
import { newId } from '../../signing/new-id.ts'

export interface ConnectionTest extends Probe {
  readonly ok: boolean
  /** What it means, and what to do. */
  readonly advice: Said
}

export type TestConnection = (caller: Caller, code: string) => Promise<ConnectionTest>

const warnMs = 30 * 86_400_000
const nothing: Probe = { status: null, certificateValidTo: null, code: null, reason: null }

/** Tries the way to a body without sending anything, by the address of its dialect; audited, since it reaches out. */
export function createTestConnection(deps: {
  readonly store: Pick<Store, 'recordAudit'>
  readonly directory: () => Directory
  readonly dialects: ReadonlyMap<string, Dialect>
  readonly probe: ProbeAddress
  readonly now: () => number
}): TestConnection {
  return async (caller, code) => {
    const directory = deps.directory()
    assertInSight(caller, code, directory)
    const agency = directory.agency(code)
    const url = agency === undefined ? undefined : deps.dialects.get(agency.dialect)?.address?.(agency)
    const at = deps.now()
    await deps.store.recordAudit([
      auditEntry(caller, { act: 'agency.test', object: code, body: code }, { id: newId(), at }),
    ])
    if (url === undefined) return { ok: true, ...nothing, advice: pulled }
    const found = await deps.probe(url, agency?.networks ?? [])
    return { ...judge(found, at), ...found }
  }
}

const pulled: Said = {
  vi: 'Cơ quan tự lấy thông điệp từ hộp thư; trục không gọi ra.',
  en: 'The body pulls from its mailbox; the gateway does not call it.',
}

function judge(probe: Probe, now: number): Pick<ConnectionTest, 'ok' | 'advice'> {
  const row = rules.find(({ when }) => when(probe, now)) ?? fine
  return { ok: row.ok, advice: row.advice }
}

interface Rule {
  readonly when: (probe: Probe, now: number) => boolean
  readonly ok: boolean
  readonly advice: Said
}

const coded = (pattern: RegExp, advice: Said): Rule => ({
  when: ({ code }) => code !== null && pattern.test(code),
  ok: false,
  advice,
})

const fine: Rule = {
  when: () => true,
  ok: true,
  advice: { vi: 'Kết nối được; chưa gửi thông điệp nào.', en: 'The address answers; no message was sent.' },
}

/** The first that applies. */
const rules: readonly Rule[] = [
  coded(/^(enotfound|eai_again)$/, {
    vi: 'Không phân giải được tên máy chủ; kiểm tra url và DNS.',
    en: 'The host name does not resolve; check the url and DNS.',
  }),
  coded(/^econnrefused$/, {
    vi: 'Máy chủ từ chối kết nối; kiểm tra cổng và dịch vụ của cơ quan.',
    en: 'Nothing listens there; check the port and the service of the body.',
  }),
  coded(/^address_refused$/, {
    vi: 'Địa chỉ nội bộ chưa được phép; thêm mạng vào networks của cơ quan nếu đúng.',
    en: 'The address is private; add its network to `networks` of the body if that is right.',
  }),
  coded(/^cert_has_expired$/, {
    vi: 'Chứng thư máy chủ đã hết hạn; cơ quan cần gia hạn.',
    en: "The server's certificate has expired; the body must renew it.",
  }),
  coded(/^(cert_|err_tls_|err_ssl_|depth_zero_|self_signed_|unable_to_|eproto|hostname_)/, {
    vi: 'TLS không đạt: sai tên hoặc tổ chức chứng thực lạ; sửa chứng thư, hoặc thêm vào OUTGOING_CA_FILE.',
    en: 'TLS fails: another name or an unknown authority; mend the certificate, or add it to OUTGOING_CA_FILE.',
  }),
  coded(/./, {
    vi: 'Không nhận được trả lời; kiểm tra tường lửa và đường truyền.',
    en: 'No answer came; check the firewall and the line.',
  }),
  {
    when: ({ status }) => status !== null && status >= 500,
    ok: false,
    advice: { vi: 'Hệ thống của cơ quan đang lỗi (5xx).', en: 'The system of the body is failing (5xx).' },
  },
  {
    when: ({ status }) => status !== null && status >= 300 && status < 400,
    ok: false,
    advice: {
      vi: 'Địa chỉ chuyển hướng, trục không đi theo; đặt url cuối cùng.',
      en: 'The address redirects, which is not followed; register the final url.',
    },
  },
  {
    when: ({ certificateValidTo }, now) => certificateValidTo !== null && certificateValidTo - now < warnMs,
    ok: true,
    advice: {
      vi: 'Kết nối được, nhưng chứng thư máy chủ hết hạn trong 30 ngày.',
      en: "The address answers, but its server's certificate ends within 30 days.",
    },
  },
]
