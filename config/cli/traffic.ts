import type { Command } from 'commander'
import { gatewayCommand, said } from './command.ts'
import type { Io } from './io.ts'
import { segment, type Row } from './pages.ts'
import { ask } from './profile.ts'
import { fields, timeText } from './screen.ts'

interface Options {
  readonly reason: string
}

const verbs = {
  pause: said(
    'tạm dừng chuyển tới một cơ quan; vẫn nhận và giữ',
    'stop delivering to a body; what comes is kept',
  ),
  resume: said('chuyển lại, bỏ tạm dừng và xả', 'deliver again: ends a pause and a drain'),
  drain: said(
    'không nhận thêm từ một cơ quan, chuyển nốt phần đã nhận',
    'take nothing new from a body, send what is left',
  ),
} as const

/** `lienthong pause|resume|drain <code>`. */
export function trafficCommands(io: Io): readonly Command[] {
  return Object.entries(verbs).map(([verb, help]) =>
    gatewayCommand<Options>(
      io,
      `${verb} <code>`,
      help,
      async ({ profile, args: [code], options: { reason } }) => {
        const path = `/admin/v1/agencies/${segment(code)}/${verb}`
        const answer = (await ask(profile, { method: 'POST', path, json: { reason } })) as Row // the row of the endpoint
        return { json: answer, text: textOf(code ?? '', answer) }
      },
    ).requiredOption('--reason <text>', said('vì sao; ghi vào nhật ký', 'why; goes into the audit')),
  )
}

function textOf(code: string, { paused, pausedAt, drainingAt, inFlight, waiting }: Row): string {
  return fields([
    ['cơ quan · body', code],
    ['tạm dừng · paused', paused === true ? `có · yes, ${timeText(pausedAt)}` : 'không · no'],
    ['đang xả · draining', drainingAt == null ? 'không · no' : `có · yes, ${timeText(drainingAt)}`],
    ['đang chuyển · in flight', inFlight],
    ['đang chờ · waiting', waiting],
  ])
}
