import { expect } from 'chai'
import fc from 'fast-check'
import { actions } from '../../schemas/actions.ts'
import type { ActionName } from '../../schemas/actions.ts'
import { readDate } from '../../schemas/dates.ts'
import { GatewayError } from '../../schemas/errors.ts'
import { pathText } from '../../schemas/limits.ts'
import type { Json } from '../../schemas/message.ts'
import { parsePayload } from '../../schemas/parse.ts'
import { samplePayload } from '../support/payloads.ts'
import { faultOf } from './faults.ts'

type Place = readonly (string | number)[]

const names = Object.keys(actions) as readonly ActionName[]
const text = fc.string({ unit: 'grapheme', maxLength: 40 })

/** Every place in a value whose field name is that of a date. */
function datesIn(value: Json, place: Place = []): readonly Place[] {
  if (typeof value !== 'object' || value === null) {
    const name = String(place.findLast((part) => typeof part === 'string'))
    return /^(Ngay|NGAY|ThoiGian|ThoiDiem|TuThoiGian|DenThoiGian|DueDate|Timestamp|PromulgationDate)/.test(
      name,
    )
      ? [place]
      : []
  }
  const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value)
  return entries.flatMap(([key, item]) => datesIn(item as Json, [...place, key]))
}

function replaced(value: Json, [key, ...rest]: Place, leaf: Json): Json {
  if (key === undefined) return leaf
  if (Array.isArray(value))
    return value.map((item: Json, at) => (at === key ? replaced(item, rest, leaf) : item))
  const object = value as Readonly<Record<string, Json>>
  return { ...object, [key]: replaced(object[key] ?? null, rest, leaf) }
}

const badDate = fc.oneof(
  fc.constantFrom<Json>(
    '20260230000000',
    '20261121240000',
    '31/04/2026',
    '2026-13-01',
    'hôm nay',
    20260230,
    true,
    {},
    [],
  ),
  text.filter((value) => value !== '' && readDate(value) === null),
)

describe('any bad date', () => {
  const places = names.flatMap((action) =>
    datesIn(samplePayload(action, 8)).map((place) => ({ action, place })),
  )

  it('has many places to stand', () => {
    expect(places.length).to.be.greaterThan(60)
    expect(places.some(({ place }) => place.length > 4)).to.equal(true)
  })

  it('is refused at its exact place, in every action', () => {
    for (const { action, place } of places) {
      const payload = replaced(samplePayload(action, 8), place, '20260230000000')
      const fault = { code: 'invalid_field', field: pathText(place), reason: 'not a date yyyyMMddHHmmss' }
      expect(faultOf(action, payload), action).to.include(fault)
    }
  })

  it('is refused whatever it holds', () => {
    fc.assert(
      fc.property(fc.constantFrom(...places), badDate, ({ action, place }, leaf) => {
        const fault = faultOf(action, replaced(samplePayload(action, 8), place, leaf))
        expect(fault).to.include({
          code: 'invalid_field',
          field: pathText(place),
          reason: 'not a date yyyyMMddHHmmss',
        })
      }),
      { numRuns: 500 },
    )
  })

  it('is refused at the row it stands in', () => {
    fc.assert(
      fc.property(fc.nat({ max: 199 }), badDate, (index, leaf) => {
        const { data } = samplePayload('status.updated', 8)
        const [row] = data as readonly Record<string, Json>[]
        const steps = Array.from({ length: 200 }, (_, at) =>
          at === index ? { ...row, NgayBatDau: leaf } : row,
        )
        expect(faultOf('status.updated', { data: steps }).field).to.equal(`data[${index}].NgayBatDau`)
      }),
    )
  })
})

describe('anything at all', () => {
  it('is taken as it is or refused with a GatewayError that names a field', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...names),
        fc.oneof(fc.anything(), fc.object(), fc.jsonValue()),
        (action, payload) => {
          try {
            expect(parsePayload(action, payload).payload).to.equal(payload)
          } catch (error) {
            expect(error).to.be.instanceOf(GatewayError)
            expect((error as GatewayError).field).to.be.a('string').that.is.not.empty
          }
        },
      ),
      { numRuns: 500 },
    )
  })
})
