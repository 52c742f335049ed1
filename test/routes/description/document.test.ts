import { Validator } from '@seriousme/openapi-schema-validator'
import { expect } from 'chai'
import { actions, isAction, type ActionName } from '../../../schemas/actions.ts'
import { parsePayload } from '../../../schemas/parse.ts'
import { createParty } from '../../support/parties.ts'
import { withDescription } from '../../support/description.ts'
import { samplePayload } from '../../support/payloads.ts'

const province = createParty({ code: 'H49' })
const names = Object.keys(actions) as ActionName[]

describe('/openapi.json', () => {
  it('holds to the meta-schema of OpenAPI 3.1', () =>
    withDescription([province], {}, async (_lent, { document }) => {
      const { valid, errors } = await new Validator().validate(structuredClone(document))
      expect(errors).to.equal(undefined)
      expect(valid).to.equal(true)
      expect(document).to.include({ openapi: '3.1.0' })
    }))

  it('speaks Vietnamese first: every operation has a summary, English below it, and a tag of the table', () =>
    withDescription([province], {}, async (_lent, { operations }) => {
      expect(operations.length).to.be.above(4)
      for (const { key, operation } of operations) {
        expect(operation.summary, key).to.match(/[à-ỹđ]/i)
        expect(operation.description, key).to.match(/^_[A-Z][ -~]+_/)
        expect(operation.tags, key).to.satisfy((tags: string[]) => tags.every((tag) => tag.includes(' · ')))
      }
      const ids = operations.map(({ operation }) => operation.operationId)
      expect(new Set(ids).size).to.equal(ids.length)
    }))

  it('gives examples that hold to what they are examples of', () =>
    withDescription([province], {}, async (_lent, { document, validate }) => {
      const { schemas } = document['components'] as {
        schemas: Record<string, { examples?: readonly unknown[] }>
      }
      const given = Object.entries(schemas).filter(([, { examples }]) => examples !== undefined)
      expect(given.map(([name]) => name)).to.include.members(['Error', 'dossier.submitted', 'payment.result'])
      for (const [name, { examples = [] }] of given)
        for (const example of examples) {
          expect(validate({ $ref: `#/components/schemas/${name}` }, example), name).to.deep.equal([])
          if (isAction(name)) expect(parsePayload(name, example).flags, name).to.deep.equal([])
        }
    }))

  it('describes what each action holds: what the gateway takes, and not what lacks its key', () =>
    withDescription([province], {}, async (_lent, { validate }) => {
      for (const action of names) {
        const payload = samplePayload(action, 1)
        expect(validate({ $ref: `#/components/schemas/${action}` }, payload), action).to.deep.equal([])
        expect(actions[action].schema.safeParse(payload).success, action).to.equal(true)
        const hollow = JSON.parse(
          JSON.stringify(payload, (name, value: unknown) =>
            /^Ma[A-Z]|^(?:DanhMuc|Ma|TaiKhoan)$/.test(name) ? [] : value,
          ),
        ) as unknown
        if (actions[action].schema.safeParse(hollow).success) continue
        expect(validate({ $ref: `#/components/schemas/${action}` }, hollow), action).not.to.deep.equal([])
      }
    }))
})
