import { expect } from 'chai'
import fc from 'fast-check'
import { directory } from '../../../../adapters/agencies/vxp/directory.ts'
import type { Payload } from '../../../../schemas/message.ts'
import { body } from '../../../support/vxp.ts'

const axis = (options: Payload = {}) =>
  body('TRUC.VB', { options: { url: 'https://truc.example.vn/adapter', systemId: 'x', ...options } })

const code = fc.integer({ min: 10, max: 99 }).map((n) => `H${n}`)
const payloads = fc.record({
  DocumentId: fc.constant('H49,2026,1'),
  From: fc.record({ OrganId: code, OrganName: code }),
  To: fc.array(fc.record({ OrganId: code }), { maxLength: 5 }),
  TraceHeaderList: fc.record({ TraceHeader: fc.array(fc.record({ OrganId: code }), { maxLength: 3 }) }),
})

describe('codes of organisations in a document', () => {
  it('are all found, are all renamed, and are the same after the way back; nothing else is touched', () =>
    fc.assert(
      fc.property(payloads, (payload) => {
        const codes = directory.codesIn(payload, axis())
        const there = new Map(codes.map((each) => [each, `000.00.00.${each}`]))
        const back = new Map(codes.map((each) => [`000.00.00.${each}`, each]))
        const renamed = directory.renamed(payload, there)
        expect(directory.codesIn(renamed, axis())).to.deep.equal(codes.map((each) => `000.00.00.${each}`))
        expect(directory.renamed(renamed, back)).to.deep.equal(payload)
        expect(renamed['DocumentId']).to.equal('H49,2026,1')
        expect((renamed['From'] as Payload)['OrganName']).to.equal(payload.From.OrganName)
      }),
    ))

  it('are found whatever their case, but for those that an administrator has mapped by hand', () => {
    const payload = { From: { OrganId: 'h49.05' }, To: [{ OrganId: 'G22' }, { OrganId: 'H37' }] }
    const mapped = axis({ codes: { '000.00.05.H49': 'H49.05', G22: 'VP' } })
    expect(directory.codesIn(payload, mapped)).to.deep.equal(['H37'])
    expect(directory.renamed(payload, new Map([['H49.05', 'x']]))).to.deep.include({ From: { OrganId: 'x' } })
  })

  it('are read of axes alone, daily unless told', () => {
    expect(directory.everySeconds(axis())).to.equal(86_400)
    expect(directory.everySeconds(axis({ directorySeconds: 0 }))).to.equal(0)
    expect(directory.everySeconds(body('H49'))).to.equal(0)
  })
})
