import { Command, CommanderError } from 'commander'
import { refused, tellFault, type Told } from './faults.ts'
import { exitCodes, type Io, type Said } from './io.ts'
import { paint } from './screen.ts'
import { readProfile, type Profile, type ProfileOptions } from './profile.ts'

/** What a handler of a command that speaks to the gateway is given. */
export interface Asked<Options> {
  readonly io: Io
  readonly profile: Profile
  readonly options: Options & { readonly json: boolean }
  readonly args: readonly string[]
}

/** Both sentences of a help text. */
export function said(vi: string, en: string): string {
  return `${vi} · ${en}`
}

/** Adds a leaf that works on this machine alone. */
export function localCommand<Options extends object>(
  io: Io,
  usageLine: string,
  help: string,
  run: (asked: Omit<Asked<Options>, 'profile'>) => Promise<Said>,
): Command {
  return withJson(new Command(usageLine.split(' ')[0]).description(help), usageLine).action(
    async (...given: readonly unknown[]) => {
      const { args, ...rest } = readGiven(given)
      const options = rest.options as Options & { readonly json: boolean } // as its options were declared
      await settle(io, options.json, null, () => run({ io, args, options }))
    },
  )
}

/** Adds a leaf that speaks to a gateway: it also takes the options of a profile. */
export function gatewayCommand<Options extends object>(
  io: Io,
  usageLine: string,
  help: string,
  run: (asked: Asked<Options>) => Promise<Said>,
): Command {
  const command = withJson(new Command(usageLine.split(' ')[0]).description(help), usageLine)
    .option('--url <address>', said('địa chỉ của trục', 'address of the gateway (LIENTHONG_URL)'))
    .option('--key-file <file>', said('tệp chứa khóa API', 'file with the API key (LIENTHONG_KEY)'))
    .option('--as <code>', said('dùng dòng này của credentials.json', 'a row of credentials.json'))
    .option('--credentials <file>', said('tệp credentials.json', 'where it is (LIENTHONG_CREDENTIALS)'))
    .option('--roots <file>', said('chứng thư gốc, PEM', 'authorities of the gateway (LIENTHONG_ROOTS)'))
  return command.action(async (...given: readonly unknown[]) => {
    const { args, ...rest } = readGiven(given)
    const options = rest.options as Options & ProfileOptions & { readonly json: boolean } // as they were declared
    const profile = readProfile(options, io)
    await settle(io, options.json, profile.url, () => run({ io, args, options, profile }))
  })
}

function withJson(command: Command, usageLine: string): Command {
  const [, ...args] = usageLine.split(' ')
  for (const argument of args) command.argument(argument)
  return command.option('--json', said('trả lời bằng JSON', 'answer in JSON'), false)
}

/** Commander gives a handler its arguments, then its options, then the command. */
function readGiven(given: readonly unknown[]) {
  return {
    args: given.slice(0, -2).filter((value) => typeof value === 'string'),
    options: given.at(-2),
  }
}

/** Runs a handler and tells what came of it; a command line that is wrong is told at the top. */
async function settle(io: Io, json: boolean, url: string | null, run: () => Promise<Said>): Promise<void> {
  try {
    const { json: answer, text, code = exitCodes.ok } = await run()
    const told = json ? JSON.stringify(answer, null, 2) : text
    const write = code === exitCodes.refused && !json ? io.err : io.out
    if (told !== '') write(`${told}\n`)
    io.exit(code)
  } catch (error) {
    if (error instanceof CommanderError) throw error
    tell(io, json, tellFault(error, url))
  }
}

function tell(io: Io, json: boolean, { code, json: answer, text }: Told): void {
  if (json) io.out(`${JSON.stringify(answer, null, 2)}\n`)
  else io.err(`${paint(io.colour, 'red', text)}\n`)
  io.exit(code)
}

/** A refusal that a client hands back as a value. */
export function toldRefusal(answer: Parameters<typeof refused>[0]): Said {
  return refused(answer)
}
