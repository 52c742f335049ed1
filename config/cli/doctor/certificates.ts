import { readFileSync } from 'node:fs'
import { allows, checkCertificate } from '../../../signing/certificate.ts'
import { signingKey } from '../../../signing/keys.ts'
import { readPkcs12, type KeyStore } from '../../../signing/pkcs12.ts'
import type { Env } from '../../env.ts'
import { loadKeys } from '../../keys.ts'
import { fault, messageOf, ok, warning, type Finding } from './finding.ts'

const dayMs = 86_400_000
const warnDays = 30

/** The gateway's own keys: each file opens, fits its certificate, may be used so, is issued by its chain, and lasts. */
export function checkCertificates(env: Env, now: number): readonly Finding[] {
  const findings = [
    ...checkStore('SIGNING', 'sign', env.SIGNING_PKCS12_FILE, { passphrase: env.SIGNING_PASSPHRASE, now }),
    ...checkStore('ENCRYPTION', 'encrypt', env.ENCRYPTION_PKCS12_FILE, {
      passphrase: env.ENCRYPTION_PASSPHRASE,
      now,
    }),
  ]
  return findings.some(({ state }) => state === 'fault') ? findings : [...findings, ...checkTogether(env)]
}

function checkStore(
  name: string,
  use: 'sign' | 'encrypt',
  file: string,
  { passphrase, now }: { readonly passphrase: string; readonly now: number },
): readonly Finding[] {
  const check = `chứng thư · certificate ${name}`
  try {
    const store = readPkcs12(readFileSync(file), passphrase)
    if (use === 'sign') signingKey(store.key, store.certificate)
    return [judged(check, store, use, now)]
  } catch (error) {
    const advice = `Kiểm ${name}_PKCS12_FILE (${file}) và ${name}_PASSPHRASE. · Check the file and its passphrase.`
    return [fault(check, messageOf(error), advice)]
  }
}

function judged(
  check: string,
  { certificate, chain }: KeyStore,
  use: 'sign' | 'encrypt',
  now: number,
): Finding {
  const days = Math.floor((certificate.validTo - now) / dayMs)
  const renew = 'Xin cấp lại rồi thay tệp và khởi động lại. · Have it renewed, replace the file, restart.'
  if (certificate.validFrom > now)
    return fault(check, 'chưa có hiệu lực · not valid yet', 'Kiểm đồng hồ máy. · Check the clock.')
  if (days < 0) return fault(check, `hết hạn ${-days} ngày · expired ${-days} days ago`, renew)
  if (!allows(certificate, use))
    return fault(
      check,
      `key usage không cho phép ${use} · does not allow ${use}`,
      'Dùng đúng loại chứng thư. · Use the right certificate.',
    )
  if (days < warnDays) return warning(check, `còn ${days} ngày · ${days} days left`, renew)
  const chained = chainFault(() => checkCertificate(certificate, chain, now, use))
  if (chained === null) return ok(check, `còn ${days} ngày, đủ chuỗi · ${days} days left, chain complete`)
  const advice =
    'Đưa chứng thư của nơi cấp vào tệp .p12. · Put the certificate of its authority into the .p12.'
  return warning(check, chained, advice)
}

function chainFault(judge: () => void): string | null {
  try {
    judge()
    return null
  } catch (error) {
    return messageOf(error)
  }
}

/** What only all of it together shows: master keys, and sandbox keys where they may not be. */
function checkTogether(env: Env): readonly Finding[] {
  const check = 'khóa · keys'
  try {
    return [ok(check, `khóa chủ đang dùng · current master key: ${loadKeys(env).master.current}`)]
  } catch (error) {
    return [fault(check, messageOf(error), 'Sửa biến nói trên. · Mend the variable named.')]
  }
}
