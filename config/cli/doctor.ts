import type { Command } from 'commander'
import { localCommand, said, type Asked } from './command.ts'
import { checkCertificates } from './doctor/certificates.ts'
import { checkEnvironment } from './doctor/environment.ts'
import type { Finding } from './doctor/finding.ts'
import { checkBroker, checkDatabase, checkDisk } from './doctor/services.ts'
import { exitCodes, type Io, type Said } from './io.ts'
import { wholeNumber } from './numbers.ts'
import { paint } from './screen.ts'

interface Options {
  readonly minFree: number
}

/** `lienthong doctor`: whether a gateway can start and work here, with this environment. Changes nothing. */
export function doctorCommand(io: Io): Command {
  const help = said(
    'kiểm cấu hình, cơ sở dữ liệu, hàng đợi, giờ, chứng thư, đĩa',
    'check what a gateway needs here',
  )
  return localCommand<Options>(io, 'doctor', help, doctor).option(
    '--min-free <MiB>',
    said('chỗ trống ít nhất', 'least free room'),
    wholeNumber(0, 100_000_000),
    1_024,
  )
}

async function doctor({ io, options: { minFree } }: Omit<Asked<Options>, 'profile'>): Promise<Said> {
  const { env, findings } = checkEnvironment({ ...io.env })
  const all = [...findings]
  if (env !== null) {
    progress(io, 'cơ sở dữ liệu, hàng đợi · database, broker')
    const [data, queue, room] = await Promise.all([
      checkDatabase(env),
      checkBroker(env),
      checkDisk(env, minFree),
    ])
    all.push(...data, ...queue, ...checkCertificates(env, io.now()), ...room)
  }
  const faults = all.filter(({ state }) => state === 'fault').length
  const ending =
    faults === 0 ? 'Không có lỗi. · No fault.' : `${faults} lỗi. · ${faults} fault${faults === 1 ? '' : 's'}.`
  return {
    json: { healthy: faults === 0, findings: all },
    text: [...all.map((finding) => line(finding, io.colour)), '', ending].join('\n'),
    code: faults === 0 ? exitCodes.ok : exitCodes.fault,
  }
}

const marks = {
  ok: { sign: '✔', style: 'green' },
  warning: { sign: '!', style: 'yellow' },
  fault: { sign: '✘', style: 'red' },
} as const

function line({ check, state, text, advice }: Finding, colour: boolean): string {
  const { sign, style } = marks[state]
  const head = `${paint(colour, style, sign)} ${check}: ${text}`
  return advice === undefined ? head : `${head}\n    → ${advice}`
}

function progress(io: Io, what: string): void {
  if (io.terminal) io.err(`… ${what}\n`)
}
