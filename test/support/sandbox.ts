import { readFileSync } from 'node:fs'
import { freePort } from '../../sandbox/ports.ts'
import { startStage } from '../../sandbox/stage.ts'
import { textOf } from '../../schemas/fields.ts'
import type { Payload } from '../../schemas/message.ts'
import { eventually } from './gateway.ts'
import { hold } from './leaks.ts'
import { withTempDir } from './processes.ts'

/** A sandbox whose processes run, as one who reads its `credentials.json` sees it. */
export interface LentSandbox {
  /** A field of a body's row in `credentials.json`. */
  credential(code: string, field: string): string
  /** The actions of a body's messages about a subject, oldest first, once so many have come to their end at every recipient. */
  settled(sender: string, subjectKey: string, count: number): Promise<readonly string[]>
}

const ended = ['delivered', 'processed']

export function withSandbox(use: (sandbox: LentSandbox) => Promise<void>): Promise<void> {
  return withTempDir(async (dir) => {
    const port = (await freePort()) ?? 0
    const staging = startStage({ dir, port, onLine: () => undefined, onReport: () => undefined })
    const release = hold('sandbox', () => void staging.stop())
    try {
      const { sandbox } = await staging.ready
      const rows = JSON.parse(readFileSync(sandbox.paths.credentials, 'utf8')) as readonly Payload[] // written by the sandbox
      const rowOf = (code: string): Payload => rows.find((row) => row['code'] === code) ?? {}
      const list = async (subjectKey: string): Promise<readonly Payload[]> => {
        const query = new URLSearchParams({ subjectKey, max: '100' }).toString()
        const answer = await fetch(`${sandbox.gatewayUrl}/v1/messages?${query}`, {
          headers: { authorization: `Bearer ${sandbox.operator.apiKey}` },
        })
        return ((await answer.json()) as { items: readonly Payload[] }).items
      }
      await use({
        credential: (code, field) => textOf(rowOf(code)[field]),
        settled: (sender, subjectKey, count) =>
          eventually(`${count} messages about ${subjectKey}`, async () => {
            const own = (await list(subjectKey)).filter((item) => item['sender'] === sender)
            const over = own.filter(({ state }) => ended.includes(textOf(state)))
            return over.length >= count && over.map(({ action }) => textOf(action))
          }),
      })
    } finally {
      await staging.stop()
      release()
    }
  })
}
