import { existsSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import { inspectBroker } from '../../../adapters/broker/inspect.ts'
import { inspectDatabase, type DatabaseReport } from '../../../adapters/store/inspect.ts'
import type { Env } from '../../env.ts'
import { reasonAway } from '../../store-start.ts'
import { fault, messageOf, ok, warning, type Finding } from './finding.ts'

const database = 'cơ sở dữ liệu · database'
const clock = 'đồng hồ · clock'
const broker = 'hàng đợi · broker'
const disk = 'đĩa · disk'
const warnSkewMs = 1_000
const faultSkewMs = 30_000
const migrate = 'Chạy với --role=migrate. · Run --role=migrate.'

/** Reachable, migrated, writable, of the right isolation, and of one time with this machine. */
export async function checkDatabase({
  DATABASE_URL: url,
}: Pick<Env, 'DATABASE_URL'>): Promise<readonly Finding[]> {
  if (url.startsWith('sqlite:') && !existsSync(url.slice('sqlite:'.length)))
    return [warning(database, 'tệp SQLite chưa có; lần chạy đầu sẽ tạo · not made yet', migrate)]
  try {
    return judged(await inspectDatabase(url))
  } catch (error) {
    const advice =
      'Kiểm DATABASE_URL, tường lửa, quyền của người dùng. · Check DATABASE_URL, the firewall, the rights.'
    return [fault(database, reasonAway(url, error), advice)]
  }
}

function judged({
  engine,
  version,
  isolation,
  missing,
  skewMs,
  unwritable,
}: DatabaseReport): readonly Finding[] {
  const findings = [ok(database, `${engine} ${version}`)]
  if (missing.length > 0)
    findings.push(fault(database, `thiếu · not migrated: ${missing.join(', ')}`, migrate))
  else findings.push(ok(database, 'cấu trúc đủ · migrated'))
  if (unwritable !== null)
    findings.push(
      fault(
        database,
        `không ghi được · not writable: ${unwritable}`,
        'Kiểm quyền ghi và chế độ chỉ đọc. · Check rights and read-only.',
      ),
    )
  if (engine === 'mysql' && isolation !== 'read committed')
    findings.push(
      fault(
        database,
        `mức cô lập · isolation: ${isolation}`,
        'Người dùng phải đặt được READ COMMITTED. · The user must be able to set READ COMMITTED.',
      ),
    )
  return [...findings, clockFinding(skewMs)]
}

/** Times are compared across machines: leases, expiry, windows. */
export function clockFinding(skewMs: number): Finding {
  const text = `lệch với cơ sở dữ liệu · from the database: ${skewMs} ms`
  const advice = 'Bật đồng bộ giờ (chrony, NTP) trên cả hai máy. · Synchronise both machines (chrony, NTP).'
  const size = Math.abs(skewMs)
  if (size >= faultSkewMs) return fault(clock, text, advice)
  return size >= warnSkewMs ? warning(clock, text, advice) : ok(clock, text)
}

/** Reachable, and lets us open a channel. The gateway works without it, one process only. */
export async function checkBroker({ AMQP_URL: url }: Pick<Env, 'AMQP_URL'>): Promise<readonly Finding[]> {
  if (url === undefined) return [ok(broker, 'trong tiến trình, cho --role=all · embedded, for --role=all')]
  try {
    const { product, version } = await inspectBroker(url)
    return [ok(broker, `${product} ${version}`)]
  } catch (error) {
    const advice = 'Kiểm AMQP_URL, người dùng, vhost, tường lửa. · Check AMQP_URL, user, vhost, firewall.'
    return [fault(broker, messageOf(error).replaceAll(url, 'AMQP_URL'), advice)]
  }
}

const mebibyte = 1024 * 1024

/** Room where the embedded store writes; with a database elsewhere, where the process runs. */
export async function checkDisk(
  { DATABASE_URL: url }: Env,
  leastMebibytes: number,
): Promise<readonly Finding[]> {
  const folder = url.startsWith('sqlite:') ? nearest(dirname(url.slice('sqlite:'.length))) : '.'
  const { bavail, bsize } = await statfs(folder)
  const free = Math.floor((bavail * bsize) / mebibyte)
  const text = `${folder}: còn · free ${free} MiB`
  const advice =
    'Giải phóng hoặc mở rộng đĩa: hết chỗ thì không nhận được gì. · Make room: a full disk accepts nothing.'
  if (free < leastMebibytes) return [fault(disk, text, advice)]
  return [free < 2 * leastMebibytes ? warning(disk, text, advice) : ok(disk, text)]
}

function nearest(folder: string): string {
  return existsSync(folder) ? folder : nearest(dirname(folder))
}
