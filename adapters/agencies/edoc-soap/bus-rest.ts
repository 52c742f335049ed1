import { z } from 'zod'
import { textOf } from '../../../schemas/fields.ts'
import { readCoded, type Coded } from '../edxml/read-coded.ts'
import { jsonIn } from '../answer-json.ts'
import type { Partner, Waiting } from '../poll.ts'
import { call, credentials, unavailable, type Bus } from './bus.ts'
import { EdocOptions } from './options.ts'

const id = z.union([z.string(), z.number()]).transform(String)

const RestAnswer = z.object({
  code: z.coerce.string(),
  docIDs: z.array(id).nullish(),
  /** The later form of the list. */
  pendingResult: z.array(z.object({ docId: id })).nullish(),
  organizations: z.array(z.record(z.string(), z.unknown())).nullish(),
})

interface Asked {
  readonly headers?: Readonly<Record<string, string>>
  readonly receive?: Parameters<typeof call>[1]['receive']
}

async function answerTo(
  partner: Partner,
  verb: string,
  { headers = {}, receive }: Asked,
): Promise<Uint8Array> {
  const { OrganId, Token } = credentials(partner)
  const method = ['getPendingDocIds', 'getOrganizations'].includes(verb) ? 'GET' : 'POST'
  const all = { ...headers, organid: OrganId, authorization: Token }
  return (await call(partner, { method, path: `/${verb}`, headers: all, body: '', receive })).body
}

/** Throws `unavailable` for an answer that is none of success. */
function read(verb: string, body: Uint8Array): z.infer<typeof RestAnswer> {
  const said = RestAnswer.safeParse(jsonIn(body))
  if (!said.success || said.data.code !== '0') throw unavailable(`${verb} was refused`)
  return said.data
}

const ask = async (partner: Partner, verb: string, headers: Asked['headers'] = {}) =>
  read(verb, await answerTo(partner, verb, { headers }))

export const restBus: Bus = {
  async documents(partner) {
    const found: Waiting[] = []
    for (const type of ['EDOC', 'STATUS']) {
      const { docIDs, pendingResult } = await ask(partner, 'getPendingDocIds', { type })
      // A document for several organisations is listed for each.
      const ids = new Set(docIDs ?? pendingResult?.map(({ docId }) => docId))
      found.push(...[...ids].map((each) => ({ id: each, about: { type } })))
    }
    return found
  },
  async fetch({ id: docid, about }, partner) {
    let coded: Coded | undefined
    const receive: Asked['receive'] = async (bytes) => {
      coded = await readCoded(bytes, EdocOptions.parse(partner.agency.options), partner.keeping)
    }
    await answerTo(partner, 'getDocument', { headers: { docid, type: about['type'] ?? '' }, receive })
    if (coded !== undefined) read('getDocument', coded.rest)
    if (coded === undefined || coded.document === null) throw unavailable('no document')
    return coded.document
  },
  confirm: ({ id: docid }, partner) => ask(partner, 'confirmReceived', { docid }),
  async organisations(partner) {
    const { organizations } = await ask(partner, 'getOrganizations')
    return (organizations ?? []).map((row) =>
      Object.fromEntries(
        Object.entries(row).map(([name, value]) => [
          `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`,
          textOf(value),
        ]),
      ),
    )
  },
}
