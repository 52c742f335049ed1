import { textOf } from '../../../../schemas/fields.ts'
import type { Payload } from '../../../../schemas/message.ts'
import { questionPayloads } from '../../../../schemas/payloads/question.ts'
import type { Trusted } from '../../dialect.ts'
import { canonicalRow } from '../../dossiers/pushes.ts'
import type { PortalPoll } from '../poll-options.ts'
import { byName, changesIn, messageOf, own, versionOf, type Feed, type Reading } from './feed.ts'

const answerNames = ['TRALOIID', 'NOIDUNGTRALOI', 'NGUOITRALOI', 'CHUCVUNGUOITRALOI', 'NGAYTRALOI'] as const
const isAnswer = (name: string): boolean => answerNames.some((each) => each === name)

const read = (row: Payload): Payload => canonicalRow(questionPayloads.asked, row)
const idOf = (row: Payload): string => textOf(read(row)['HOIDAPID']).trim()
const isAnswered = (row: Payload): boolean =>
  ['TRALOIID', 'NOIDUNGTRALOI'].some((name) => textOf(row[name]).trim() !== '')

export const questionFeeds = (body: string, { questions }: PortalPoll): readonly Feed[] =>
  (questions?.services ?? []).map((service) => feedOf(service, body, questions?.everySeconds ?? 0))

/** Questions to a body, with what came of them (dvcqg §7). */
function feedOf(service: string, body: string, everySeconds: number): Feed {
  const name = `${service} ${body}`
  return {
    ...{ name, body, everySeconds },
    async list(reading, round) {
      const rows = byName(await reading.rowsOf(service, { body }), idOf)
      const things = [...rows].map(([id, ofOne]) => ({
        ...{ name: id, rows: ofOne },
        version: versionOf(ofOne, isOpen(ofOne, reading) ? round : ''),
      }))
      return changesIn(things, await reading.partner.settled(name))
    },
    async contents({ rows }, reading) {
      const [question, ...others] = rows.map(read)
      if (question === undefined) return []
      const apart = isOpen(rows, reading) ? await answersApart(question, reading, body) : []
      return messagesOf([question, ...others, ...apart], rows, { reading, body })
    },
  }
}

/** Whether its answer may stand where it must be asked for by itself: again in each round. */
const isOpen = (rows: readonly Payload[], { poll }: Reading): boolean =>
  poll.questions?.answersApart === true && !rows.map(read).some(isAnswered)

async function answersApart(
  question: Payload,
  { rowsOf }: Reading,
  body: string,
): Promise<readonly Payload[]> {
  const { HOIDAPID, MADONVI } = question
  const cauhoiid = textOf(HOIDAPID).trim()
  const answers = await rowsOf('LayNoiDungTraLoiTheoCauHoi', { body, parameters: { cauhoiid } })
  return answers
    .map(read)
    .filter(isAnswered)
    .map((answer) => ({ ...(MADONVI === undefined ? {} : { MADONVI }), ...answer, HOIDAPID: cauhoiid }))
}

/** A question and its answers are two things, so that the one is not sent again for the sake of the other. */
function messagesOf(
  found: readonly Payload[],
  rows: readonly Payload[],
  { reading, body }: { readonly reading: Reading; readonly body: string },
): readonly Trusted[] {
  const [question = {}] = found
  const words = [textOf(question['HOIDAPID']).trim(), textOf(question['MADONVI']).trim()]
  const to = own(reading.options.units, words[1] ?? '') ?? body
  const asked = Object.fromEntries(Object.entries(question).filter(([name]) => !isAnswer(name)))
  const answers = found.filter(isAnswered).map(answerIn)
  const common = { recipients: [to], rows }
  return [
    messageOf(reading, {
      ...{ ...common, action: 'question.asked' },
      ...{ naturalKey: ['question', ...words], payload: { data: [asked] } },
    }),
    ...(answers.length === 0
      ? []
      : [
          messageOf(reading, {
            ...{ ...common, action: 'question.answered' },
            ...{ naturalKey: ['answer', ...words], payload: { data: answers } },
          }),
        ]),
  ]
}

const answerIn = (row: Payload): Payload =>
  Object.fromEntries(
    Object.entries(row).filter(([name]) => isAnswer(name) || name === 'HOIDAPID' || name === 'MADONVI'),
  )
