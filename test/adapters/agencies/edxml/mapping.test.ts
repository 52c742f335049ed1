import { expect } from 'chai'
import { z } from 'zod'
import { edxmlDefaults, edxmlOptions } from '../../../../adapters/agencies/edxml/options.ts'
import { memoryFiles } from '../../../support/memory-files.ts'
import { fixture, read, stored, write } from './support.ts'

const codes = { '000.00.05.H49': 'H49.05' }

describe('edXML to canonical and back', () => {
  it('reads a letter: codes of both generations as the directory has them, dates, hops, files', async () => {
    const files = memoryFiles()
    const letter = await read(fixture('letter.edxml'), { options: { codes }, files })
    if (letter.kind !== 'letter') throw new Error('expected a letter')
    expect(letter.sender).to.equal('H49.05')
    expect(letter.recipients).to.deep.equal(['G22', 'H37'])
    expect(letter.payload['DocumentId']).to.equal('000.00.05.H49,2026/11/20,27/STN-KT')
    expect(letter.payload['PromulgationInfo']).to.deep.equal({
      Place: 'Mẫu',
      PromulgationDate: '20261120000000',
    })
    expect(letter.payload['SoHoSoNoiBo']).to.deep.equal({ '@cap': '2', '#': 'NB-9' })
    expect(letter.payload['TraceHeaderList']).to.deep.equal({
      TraceHeader: [{ OrganId: 'H49.05', Timestamp: '20261120104005' }, { Timestamp: '20261120104100' }],
    })
    const [attachment] = letter.attachments
    expect(attachment).to.include({
      contentId: 'tep-1',
      name: '27-STN-KT.pdf',
      type: 'application/pdf',
      size: 22,
    })
    expect(files.files.get(attachment?.file ?? '')?.toString()).to.equal('%PDF-1.4\n% thu nghiem\n')
    expect(Buffer.from(letter.original).toString()).not.to.include('JVBERi0')
  })

  it('writes what it has read, and reads the same again', async () => {
    for (const [name, action] of [
      ['letter.edxml', 'document.letter'],
      ['status.edxml', 'document.status'],
    ] as const) {
      const files = memoryFiles()
      const first = await read(fixture(name), { options: { codes }, files })
      const xml = await write(stored(action, first.payload), { options: { codes }, files })
      const again = await read(xml, { options: { codes } })
      expect(again.payload).to.deep.equal(first.payload)
      expect(again.kind).to.equal(first.kind)
    }
  })

  it('stands among the options of the dialects that carry it', () => {
    const options = z.strictObject({ ...edxmlOptions, url: z.url() })
    expect(options.parse({ url: 'https://truc.example.vn' })).to.deep.include(edxmlDefaults)
    expect(options.safeParse({ url: 'https://truc.example.vn', generation: '2019' }).success).to.equal(false)
  })
})
