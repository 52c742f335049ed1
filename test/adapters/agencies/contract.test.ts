import { expect } from 'chai'
import { dialects } from '../../../adapters/agencies/index.ts'
import { vxp } from '../../../adapters/agencies/vxp/index.ts'
import type { Agency } from '../../../schemas/agency.ts'
import { describeDialect } from '../../contracts/dialect.ts'

/** Valid options for an agency of each dialect. */
const options: Readonly<Record<string, Agency['options']>> = {
  'adapter-envelope': { url: 'https://nhan.example.vn/VXPAdapter/RestService/forward/nhanhsdvcqg' },
  'axis-xml': { url: 'https://nhan.example.vn/axis', timeoutMs: 5_000 },
  facade: { url: 'https://nhan.example.vn/KetNoiMotCuaQuocGia' },
  email: { url: 'smtps://thu.example.vn', from: 'truc@example.vn', to: ['mot@example.vn'] },
  mailbox: { format: 'json' },
  'rest-push': { url: 'https://nhan.example.vn/webhook', format: 'json' },
  'edoc-soap': { url: 'https://bus.example.vn/services/eDocService', organId: 'H49' },
  'native-json': {},
  keypay: {
    createUrl: 'https://nhan.example.vn/keypay',
    callbackUrl: 'https://nhan.example.vn/o/pgi/kpdvcqg/paymentconfirm',
  },
  paygov: { callbackUrl: 'https://nhan.example.vn/paygov' },
  'payment-platform': {
    platformUrl: 'https://nhan.example.vn/payment',
    confirmUrl: 'https://nhan.example.vn/confirm',
  },
  sms: {
    url: 'https://sms.example.vn/send',
    to: ['0900000101'],
    body: { kind: 'form', fields: { to: '{to}', text: '{text}' } },
  },
  lgsp: { url: 'https://lgsp.example.vn/api', clientId: 'truc' },
  vxp: { url: 'https://truc.example.vn/XrdAdapter/adapter', systemId: 'TRUC.W00' },
  'token-rest': { url: 'https://nhan.example.vn/api', clientId: 'truc' },
  'soap-push': {
    ...{ url: 'https://bo.example.vn/HoSo.asmx', namespace: 'http://bo.example.vn/' },
    operations: {
      'dossier.submitted': {
        name: 'TiepNhan',
        rows: 'all',
        fields: { NoiDung: { from: 'data', as: 'json' } },
      },
    },
  },
  'xroad-rest': {
    ...{ url: 'https://ss.example.vn', client: 'VN/GOV/TRUC/lienthong' },
    calls: { 'dossier.submitted': { service: 'VN/GOV/G22/cong/nhanhoso' } },
  },
  vnpost: {
    ...{ variant: 'td', key: 'truc', customers: { H49: 'H49MC' } },
    ...{ tokenUrl: 'https://buudien.example.vn/token', orderUrl: 'https://buudien.example.vn/order' },
  },
}

/** What a recipient answers that has taken a message, where an empty answer says nothing. */
const successes: Readonly<Record<string, string>> = {
  vxp: '{"status":"OK","ErrorCode":"0","ErrorDesc":"","DocId":"1"}',
  facade: '{"error_code":"0","message":"Đồng bộ hồ sơ thành công"}',
  vnpost: '{"Status":"100"}',
}

describe('the registry of dialects', () => {
  it('has options here for each of its dialects, and for no other', () => {
    expect(Object.keys(options).sort()).to.deep.equal([...dialects.keys()].sort())
  })
})

for (const [name, dialect] of dialects)
  describeDialect(dialect, options[name] ?? {}, { success: successes[name] })

describeDialect(
  vxp,
  { url: 'https://lgsp.example.vn/v1', systemId: 'G22.W00', username: 'van-thu', wire: 'rest' },
  { success: '{"code":0,"message":"","data":{"docId":7}}', name: 'vxp by REST' },
)
