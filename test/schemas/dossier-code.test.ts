import { expect } from 'chai'
import fc from 'fast-check'
import { readDossierCode, readResultCode, writeResultCode } from '../../schemas/dossier-code.ts'

const agency = fc
  .array(fc.stringMatching(/^[A-Z0-9]{1,4}$/), { minLength: 1, maxLength: 4 })
  .map((groups) => groups.join('.'))
const dossier = fc
  .tuple(agency, fc.stringMatching(/^(\d{6}|\d{8})$/), fc.stringMatching(/^\d{3,7}$/))
  .map(([code, date, sequence]) => ({ agency: code, date, sequence }))

describe('dossier code', () => {
  const usual = {
    'H49.05-261121-0001': ['H49.05', '261121', '0001'],
    'G01.108.000.000-240604-00884': ['G01.108.000.000', '240604', '00884'],
    'G01.839.108.000-240529-0122': ['G01.839.108.000', '240529', '0122'],
    'G09.20-20260609-0092637': ['G09.20', '20260609', '0092637'],
    '000.00.14.H20-200703-0002': ['000.00.14.H20', '200703', '0002'],
  }
  for (const [text, [code, date, sequence]] of Object.entries(usual))
    it(`reads ${text}`, () => expect(readDossierCode(text)).to.deep.equal({ agency: code, date, sequence }))

  const unusual = [
    '',
    'H49.05',
    'H49.05-261121',
    'H49.05-261121-01',
    'h49.05-261121-0001',
    'H49..05-261121-0001',
  ]
  for (const text of [
    ...unusual,
    'H49.05-2611215-0001',
    'H49.05-261121-00000001',
    'H49.05-261121-0001 ',
    'E261121ABC123',
  ])
    it(`does not read ${JSON.stringify(text)}`, () => expect(readDossierCode(text)).to.equal(null))

  it('puts every part back where it was', () => {
    fc.assert(
      fc.property(dossier, (parts) => {
        expect(readDossierCode(`${parts.agency}-${parts.date}-${parts.sequence}`)).to.deep.equal(parts)
      }),
    )
  })
})

describe('result code', () => {
  it('reads both spellings', () => {
    for (const text of ['H49.05-261121-0001-KQ1', 'H49.05-261121-0001-KQ(1)'])
      expect(readResultCode(text)).to.deep.equal({ dossier: 'H49.05-261121-0001', number: 1 })
  })

  for (const text of [
    'H49.05-261121-0001',
    'X-KQ',
    'X-KQ0',
    'X-KQ01',
    'X-KQ(1',
    'X-KQ1)',
    'X-KQ()',
    '-KQ1',
    'KQ1',
    'X-KQ1 ',
  ])
    it(`does not read ${text}`, () => expect(readResultCode(text)).to.equal(null))

  it('reads back what it writes, also of an unusual dossier code', () => {
    const code = fc.record({
      dossier: fc.stringMatching(/^[ -~]{1,40}$/),
      number: fc.integer({ min: 1, max: 9999 }),
    })
    fc.assert(
      fc.property(code, (result) => {
        expect(readResultCode(writeResultCode(result))).to.deep.equal(result)
      }),
    )
  })
})
