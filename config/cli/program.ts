import { Command } from 'commander'
import { agencyCommand } from './agency.ts'
import { auditCommand } from './audit.ts'
import { said } from './command.ts'
import { credentialCommand } from './credential.ts'
import { deliveryCommands } from './deliveries.ts'
import { doctorCommand } from './doctor.ts'
import type { Io } from './io.ts'
import { keysCommand } from './keys.ts'
import { pullCommand } from './pull.ts'
import { replayCommand } from './replay.ts'
import { sendCommand } from './send.ts'
import { statusCommand } from './status.ts'
import { trafficCommands } from './traffic.ts'
import { uploadCommand } from './upload.ts'

const codes = `
Mã thoát · exit codes: 0 xong · ok; 1 lỗi tại đây · fault here; 2 sai cú pháp · usage; 3 trục từ chối · refused; 4 không kết nối được · unreachable
Kết nối · profile: --url, --key-file; LIENTHONG_URL, LIENTHONG_KEY; --as <mã> --credentials <tệp>`

/** The command line. Throws CommanderError where it cannot be read. */
export function createProgram(io: Io): Command {
  const program = new Command('lienthong')
    .description(said('dòng lệnh của trục Liên thông', 'command line of the Liên thông gateway'))
    .showSuggestionAfterError()
    .addHelpText('after', codes)
  for (const command of commands(io)) program.addCommand(command)
  prepare(program, io)
  return program
}

function commands(io: Io): readonly Command[] {
  const made = (make: (io: Io) => Command) => make(io)
  return [
    ...[
      sendCommand,
      uploadCommand,
      statusCommand,
      pullCommand,
      keysCommand,
      credentialCommand,
      agencyCommand,
    ].map(made),
    ...trafficCommands(io),
    ...deliveryCommands(io),
    ...[replayCommand, auditCommand, doctorCommand].map(made),
  ]
}

/** Settings that commander does not hand down to commands made apart. */
function prepare(command: Command, io: Io): void {
  command.exitOverride().configureOutput({
    writeOut: io.out,
    writeErr: io.err,
    getOutHelpWidth: () => 100,
    getErrHelpWidth: () => 100,
    getOutHasColors: () => io.colour,
    getErrHasColors: () => io.colour,
  })
  command.showSuggestionAfterError()
  command.configureHelp({ helpWidth: 100, sortSubcommands: false })
  for (const each of command.commands) prepare(each, io)
}
