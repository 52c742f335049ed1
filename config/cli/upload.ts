import { accessSync, constants, createReadStream } from 'node:fs'
import type { Command } from 'commander'
import { bodyOf } from './body.ts'
import { gatewayCommand, said, type Asked } from './command.ts'
import type { Io, Said } from './io.ts'
import { fields } from './screen.ts'

/** `lienthong upload <file>`: a file that messages then refer to. */
export function uploadCommand(io: Io): Command {
  const help = said('tải tệp lên, hiện đường dẫn để ghi vào thông điệp', 'upload a file; shows its link')
  return gatewayCommand(io, 'upload <file>', help, upload)
}

async function upload({ io, profile, args: [file = ''] }: Asked<object>): Promise<Said> {
  accessSync(file, constants.R_OK) // a file that is not there is no fault of the line
  if (io.terminal) io.err(`… ${file} → ${profile.url}\n`)
  const { plain } = bodyOf(profile)
  const json = await plain.uploadFile(() => createReadStream(file), { signal: io.signal })
  const text = fields([
    ['đường dẫn · link', json.link],
    ['SHA-256', json.digest],
    ['byte', json.size],
    ['loại · type', json.mediaType],
  ])
  return { json, text }
}
