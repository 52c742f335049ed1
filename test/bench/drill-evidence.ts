import { expect } from 'chai'
import { z } from 'zod'
import { openDatabase } from '../../adapters/store/open-database.ts'
import { verifyChain } from '../../adapters/store/verify-chain.ts'
import { withProcess } from '../support/processes.ts'

const Summary = z.object({
  accepted: z.int(),
  delivered: z.int(),
  kills: z.int(),
  lost: z.int(),
  doubled: z.int(),
  disordered: z.int(),
  altered: z.int(),
  stuck: z.int(),
  unproven: z.int(),
  repeats: z.int(),
})
type Summary = z.infer<typeof Summary>

/** Runs the drill as an operator does; it must find that everything was accepted and delivered, and nothing else. */
export async function runWell(args: readonly string[], messages: number): Promise<Summary> {
  const command = ['config/bootstrap.mjs', 'drill', '--json', ...args]
  let summary: Summary | undefined
  await withProcess(process.execPath, command, {}, async ({ stdout, stderr, exit }) => {
    const { code } = await exit
    expect(code, stderr.join('\n')).to.equal(0)
    summary = Summary.parse(JSON.parse(stdout.at(-1) ?? ''))
  })
  expect(summary).to.include({ accepted: messages, delivered: messages, lost: 0, doubled: 0, disordered: 0 })
  expect(summary).to.include({ altered: 0, stuck: 0, unproven: 0 })
  return summary!
}

/** What the drill left in its database: the chain of every process that lived holds, and every receipt is a link of one. */
export async function expectWholeEvidence(databaseUrl: string, messages: number): Promise<void> {
  const { broken, links, receipts } = await evidenceIn(databaseUrl)
  expect(broken).to.deep.equal([])
  expect(links).to.equal(receipts)
  expect(receipts).to.be.at.least(2 * messages)
}

async function evidenceIn(url: string) {
  const { knex } = openDatabase(url)
  try {
    const writers = await knex<{ writer: string }>('evidence').distinct('writer').pluck('writer')
    const reports = await Promise.all(
      writers.map(async (writer: string) => ({ writer, ...(await verifyChain(knex, writer)) })),
    )
    const [row] = await knex('receipt').count<{ n: number | string }[]>({ n: '*' })
    return {
      broken: reports.filter(({ brokenAt }) => brokenAt !== null).map(({ writer }) => writer),
      links: reports.reduce((sum, { links }) => sum + links, 0),
      receipts: Number(row?.n ?? 0),
    }
  } finally {
    await knex.destroy()
  }
}
