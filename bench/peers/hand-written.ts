import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readKnown } from '../../sandbox/party-client.ts'
import type { Place } from '../bench/place.ts'
import { startProgram } from '../bench/program.ts'
import { startSystem, type System } from '../bench/system.ts'
import type { Settings } from './hand-written/shared.ts'

const roles = ['api', 'worker'] as const

/**
 * Starts the relay that a good team would write without us: express, xml-crypto, amqplib (`noDelay`) and mysql2, one api and one worker
 * process, batches where they come by themselves. It has no lanes, no retry clock, no checks of fields, no chain of evidence.
 */
export async function startHandWritten(place: Place, databaseUrl: string): Promise<System> {
  const file = join(place.folder, 'hand-written.json')
  await writeFile(file, JSON.stringify(settingsOf(place, databaseUrl)), { mode: 0o600 })
  return startSystem({
    url: `http://127.0.0.1:${place.port}`,
    databaseUrl,
    openSql: "SELECT COUNT(*) AS n FROM message WHERE state = 'open'",
    programs: roles.map((role) => () => {
      const args = ['--import', 'tsx', `bench/peers/hand-written/${role}.ts`]
      return startProgram({ name: role, args, env: { BENCH_RELAY: file }, log: place.log })
    }),
  })
}

function settingsOf(
  { sandbox, rabbit, port, traffic, senders, recipients }: Place,
  databaseUrl: string,
): Settings {
  const { certificates } = readKnown(sandbox.paths.certificates)
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  const certificateOf = (code: string, use: 'sign' | 'encrypt') =>
    certificates.find((row) => row.agency === code && row.use === use)?.pem ?? ''
  return {
    port,
    databaseUrl,
    amqpUrl: rabbit.url,
    masterKey: randomBytes(32).toString('hex'),
    signingKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    senders: sandbox.parties.slice(0, senders.length).map(({ code, apiKey }) => ({
      ...{ code, apiKey },
      certificate: certificateOf(code, 'sign'),
    })),
    recipients: recipients.map((code) => ({
      ...{ code, url: traffic.sinkUrl },
      certificate: certificateOf(code, 'encrypt'),
    })),
  }
}
