import { expect } from 'chai'
import type { ActionName } from '../../schemas/actions.ts'
import type { Json, Payload } from '../../schemas/message.ts'
import { parsePayload } from '../../schemas/parse.ts'
import { contentHash } from '../../signing/digest.ts'
import { agencyOf, code, rows, speakers, things, told, type Thing } from '../support/speakers.ts'
import { messageOf } from './dialect.ts'

/** What intake compares contents by. */
const hashOf = (action: ActionName, payload: Payload): string => {
  const { subjectKey, payload: parsed } = parsePayload(action, payload)
  return contentHash({ action, recipients: [], subjectKey, payload: parsed }).toString('hex')
}

const keyOf = (thing: Thing): readonly string[] =>
  thing === 'status.updated'
    ? ['progress', code, '20261121100000', '4', 'Trần Văn Thử', 'Thẩm định hồ sơ']
    : ['dossier', code]

describe('the dialects that carry dossiers meet in the middle', () => {
  for (const speaker of speakers)
    for (const thing of things)
      it(`${speaker.dialect.name}: ${thing} is the same message as through every other`, () => {
        const { dialect, lacks = {}, says } = speaker
        const content = told(speaker, says[thing])
        const isUnsaid = lacks.elseAs !== undefined && thing !== 'status.updated'
        expect(content.header.action).to.equal(isUnsaid ? 'dossier.submitted' : thing)
        expect(content.elseAs).to.equal(isUnsaid ? lacks.elseAs : undefined)
        expect(content.naturalKey, dialect.name).to.deep.equal(lacks.isReferenced ? undefined : keyOf(thing))
        expect(content.payload).to.deep.equal({ data: [rows[thing]] })
        expect(hashOf(thing, content.payload)).to.equal(hashOf(thing, { data: [rows[thing]] }))
      })

  for (const from of speakers)
    for (const to of speakers)
      it(`${from.dialect.name} → ${to.dialect.name}: arrives whole, unknown fields too`, () => {
        for (const thing of things) {
          const { payload } = told(from, from.says[thing])
          const encoded = to.dialect.encode({ ...messageOf(thing), payload }, agencyOf(to))
          if (encoded.kind === 'unsupported') throw new Error(`${thing}: ${encoded.reason}`)
          const body = JSON.parse(Buffer.from(encoded.body).toString()) as Json
          const arrived = told(to, to.arrives(thing, body))
          const expected = to.lacks?.otherwise?.[thing] ?? { action: thing, row: rows[thing] }
          const action =
            arrived.elseAs !== undefined && thing === 'dossier.updated' ? thing : arrived.header.action
          expect({ action, payload: arrived.payload }, thing).to.deep.equal({
            action: expected.action,
            payload: { data: [expected.row] },
          })
        }
      })
})
