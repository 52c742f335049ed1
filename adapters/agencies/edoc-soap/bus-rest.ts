import { Readable } from 'node:stream'
import { z } from 'zod'
import { textOf } from '../../../schemas/fields.ts'
import { readEdxml } from '../edxml/read-message.ts'
import type { Partner, Waiting } from '../poll.ts'
import { call, credentials, parsedJson, unavailable, type Bus } from './bus.ts'
import { EdocOptions } from './options.ts'

const id = z.union([z.string(), z.number()]).transform(String)

const RestAnswer = z.object({
  code: z.coerce.string(),
  docIDs: z.array(id).nullish(),
  /** The later form of the list. */
  pendingResult: z.array(z.object({ docId: id })).nullish(),
  data: z.string().nullish(),
  organizations: z.array(z.record(z.string(), z.unknown())).nullish(),
})

async function ask(
  partner: Partner,
  verb: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<z.infer<typeof RestAnswer>> {
  const { OrganId, Token } = credentials(partner)
  const method = ['getPendingDocIds', 'getOrganizations'].includes(verb) ? 'GET' : 'POST'
  const all = { ...headers, organid: OrganId, authorization: Token }
  const { body } = await call(partner, { method, path: `/${verb}`, headers: all, body: '' })
  const read = RestAnswer.safeParse(parsedJson(body))
  if (!read.success || read.data.code !== '0') throw unavailable(`${verb} was refused`)
  return read.data
}

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
    const { data } = await ask(partner, 'getDocument', { docid, type: about['type'] ?? '' })
    const bytes = Buffer.from(data ?? '', 'base64')
    if (bytes.byteLength === 0) throw unavailable('no document')
    return readEdxml(Readable.from([bytes]), EdocOptions.parse(partner.agency.options), partner.keeping)
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
