import { expect } from 'chai'
import fc from 'fast-check'
import { FileHosts, linksOf, withLinks } from '../../schemas/links.ts'
import type { Message } from '../../schemas/message.ts'
import { idIn, isNamed, linkIn, messageOfLink, withReachableLinks } from '../../workers/links.ts'
import type { Directory } from '../../workers/directory.ts'
import { messageOf } from '../contracts/dialect.ts'
import { createParty } from '../support/parties.ts'
import { samplePayload } from '../support/payloads.ts'

const publicUrl = 'https://truc.example.vn'
const owner = createParty({ code: 'H49', fileHosts: ['motcua.example.vn', '10.0.0.5:8080'] }).agency
const directory = () => ({ agency: () => owner }) as unknown as Directory

const dossierWith = (...links: string[]): Message => ({
  ...messageOf('dossier.submitted'),
  payload: { data: [{ MaHoSo: 'H49-1', TaiLieuNop: links.map((link) => ({ DuongDanTaiTepTin: link })) }] },
})

describe('links', () => {
  it('lead through the gateway where the owner has named their host, and are found again by their id', () => {
    fc.assert(
      fc.property(fc.array(fc.webPath(), { minLength: 1, maxLength: 20 }), (paths) => {
        const links = paths.map((path) => `https://motcua.example.vn${path}`)
        const message = dossierWith(...links)
        const seen = linksOf(withReachableLinks(message, { directory, publicUrl }).payload)
        const ids = seen.map((link) => idIn(link, publicUrl) ?? '')
        expect(ids.map((id) => linkIn(message, id))).to.deep.equal(links)
        expect(ids.every((id) => messageOfLink(id) === message.id)).to.equal(true)
      }),
    )
  })

  it('are all that is changed of a message', () => {
    fc.assert(
      fc.property(fc.nat(10_000), (n) => {
        const payload = samplePayload('dossier.submitted', n)
        expect(withLinks(payload, (link) => link)).to.deep.equal(payload)
        const message = { ...messageOf('dossier.submitted'), payload }
        const nobody = () => ({ agency: () => undefined }) as unknown as Directory
        expect({ ...withReachableLinks(message, { directory: nobody, publicUrl }) }).to.deep.equal(message)
      }),
    )
  })

  it('are looked at only where the payload is asked for', () => {
    const message: Message = {
      ...messageOf('dossier.submitted'),
      get payload(): never {
        throw new Error('the payload was read')
      },
    }
    const seen = withReachableLinks(message, { directory, publicUrl })
    expect(seen.id).to.equal(message.id)
    expect(() => seen.payload).to.throw('the payload was read')
  })

  it('are named by host and port alone: another scheme, a login, another port or a longer name is none', () => {
    for (const link of ['http://motcua.example.vn/a', 'https://MOTCUA.example.vn/a', 'http://10.0.0.5:8080/'])
      expect(isNamed(link, owner), link).to.equal(true)
    for (const link of [
      'ftp://motcua.example.vn/a',
      'https://a:b@motcua.example.vn/a',
      'https://motcua.example.vn:8443/a',
      'https://motcua.example.vn.khac.vn/a',
      'https://khac.vn/?motcua.example.vn',
      'file:///etc/passwd',
      '/v1/files/x',
      'motcua.example.vn/a',
    ])
      expect(isNamed(link, owner), link).to.equal(false)
    expect(isNamed('https://motcua.example.vn/a', undefined)).to.equal(false)
  })

  it('have hosts that are written in one way', () => {
    for (const host of ['a.vn', 'a.vn:8443', '10.0.0.5', '[::1]:80' + '80'])
      expect(FileHosts.safeParse([host]).success, host).to.equal(true)
    for (const host of ['A.vn', 'a.vn/tep', 'http://a.vn', '*.vn', 'a:b@c.vn', '', 'a.vn:80', 'a b'])
      expect(FileHosts.safeParse([host]).success, host).to.equal(false)
  })
})
