import { GatewayError } from '../../../schemas/errors.ts'
import type { Payload } from '../../../schemas/message.ts'
import type { Poll, Waiting } from '../poll.ts'
import { catalogFeeds, procedureFeeds } from './feeds/catalogs.ts'
import { createReading, rounds, unavailable, waitingOf, type Feed, type Reading } from './feeds/feed.ts'
import { petitionFeeds } from './feeds/petitions.ts'
import { questionFeeds } from './feeds/questions.ts'
import { EnvelopeOptions } from './options.ts'
import type { CallPortal } from './portal.ts'

/** Rows of a list are at hand once it came, so one poll takes many: the first of all takes thousands. */
const mostThings = 1_000
/** How often it is looked at which list is due: one that did not come is asked for again so soon. */
const lookSeconds = 600

/**
 * Reads what the portal publishes, as a client of it: lists are whole each time and know no acknowledgement, so what was settled of them
 * is remembered here. A list that does not come holds up no other.
 */
export function createPoll(callPortal: CallPortal): Poll {
  return {
    most: mostThings,
    everySeconds({ options }) {
      if (options['portal'] === undefined) return 0
      const feeds = feedsOf(EnvelopeOptions.parse(options))
      return feeds.length === 0 ? 0 : Math.min(lookSeconds, ...feeds.map(({ everySeconds }) => everySeconds))
    },
    async list(partner) {
      const reading = createReading(partner, callPortal)
      if (reading === undefined) return []
      const read = await partner.settled(rounds)
      const lists: (readonly Waiting[])[] = []
      for (const feed of feedsOf(reading.options)) {
        const round = read.get(feed.name) ?? '0' // when it was last read to its end, ms
        if (partner.now() - Number(round) >= feed.everySeconds * 1000)
          lists.push(await listOf(feed, round, reading))
      }
      return lists.flat()
    },
    async fetch({ about }, partner) {
      const reading = createReading(partner, callPortal)
      if (about['fault'] !== undefined) throw unavailable(about['fault'])
      const feed = feedsOf(EnvelopeOptions.parse(partner.agency.options)).find(
        ({ name }) => name === about['feed'],
      )
      if (reading === undefined || feed === undefined) return []
      const rows = JSON.parse(about['rows'] ?? '[]') as readonly Payload[] // as `waitingOf` wrote them
      return feed.contents({ name: about['name'] ?? '', rows }, reading)
    },
    acknowledge: () => Promise.resolve(),
  }
}

/** The things of a list, and its end: once that is settled the list has been read. */
async function listOf(feed: Feed, round: string, reading: Reading): Promise<readonly Waiting[]> {
  const { name } = feed
  try {
    const things = await feed.list(reading, round)
    const end = { list: rounds, name, version: String(reading.partner.now()) }
    return [...things.map((thing) => waitingOf(feed, thing)), { id: `${name} end`, about: {}, settles: end }]
  } catch (error) {
    if (!(error instanceof GatewayError) || error.code === 'lease_lost') throw error
    return [{ id: name, about: { fault: error.reason ?? error.code } }]
  }
}

/** What the options ask for; nothing where they name none. */
function feedsOf(options: EnvelopeOptions): readonly Feed[] {
  const poll = options.portal?.poll
  const [first] = poll?.bodies ?? []
  if (poll === undefined || first === undefined) return []
  return [
    ...poll.bodies.flatMap((body) => [...questionFeeds(body, poll), ...petitionFeeds(body, poll)]),
    ...catalogFeeds(first, options, poll),
    ...procedureFeeds(first, poll),
  ]
}
