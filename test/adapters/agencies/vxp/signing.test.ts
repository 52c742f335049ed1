import { expect } from 'chai'
import fc from 'fast-check'
import { argumentsOf } from '../../../../adapters/agencies/vxp/arguments.ts'
import { signedHeaders } from '../../../../adapters/agencies/vxp/call.ts'
import { createFileHash, unpadded } from '../../../../adapters/agencies/vxp/file-hash.ts'
import { readFilter, readMoment, writeMoment, writeTime } from '../../../../adapters/agencies/vxp/moment.ts'
import { isProvedBy, macOf } from '../../../../adapters/agencies/vxp/proof.ts'
import { sha256 } from '../../../../signing/digest.ts'

const secret = 'demo-secret-0001'

const request = (headers: Readonly<Record<string, string>>) => ({
  ...{ method: 'POST', path: '/', query: {}, body: new Uint8Array(0) },
  headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
})

const told = (file: string, text: string): boolean => {
  const hash = createFileHash()
  for (const piece of [file.slice(0, 1), file.slice(1)]) hash.take(Buffer.from(piece))
  return hash.isToldBy(text)
}

describe('what the official VXP client signs', () => {
  it('is the vector of its running: secret and text to MAC', () => {
    const text =
      '{"XroadVnpt-systemid":"test.system.01","XroadVnpt-timestamp":"21112026T200457+0928","XroadVnpt-Content-Type":"application/json"}'
    expect(macOf(text, 'dummy-secret-for-local-echo')).to.equal(
      'a30a737dff3b2f2c2729893e8711f8fa0d6c38971a91b403d20b899c098ab25c',
    )
  })

  it('is the vector of a sent file: MAC and both spellings of its hash', () => {
    const hash = '65a0dadad48ceff3df9dd7f1da4bb0519089abdf127d9751359b7ae102c181a'
    const text = `{"XroadVnpt-systemid":"H99.W00","XroadVnpt-servicetype":"eDoc","XroadVnpt-messagetype":"edoc","XroadVnpt-hash-file":"${hash}","XroadVnpt-from":"H99.01","XroadVnpt-timestamp":"21112026T201248+0564","XroadVnpt-Content-Type":"application/octet-stream"}`
    const mac = '1a63b378f60eaeab86a8745a43db8de024bf45cdf9cc71959165bd7c37e34997'
    expect(macOf(text, secret)).to.equal(mac)
    expect(isProvedBy(text, mac, ['another', secret])).to.equal(true)
    expect(isProvedBy(text, mac, ['another'])).to.equal(false)
    expect(isProvedBy(text.replace('H99.01', 'H99.02'), mac, [secret])).to.equal(false)
    expect(unpadded(sha256('edXML-demo-0'))).to.equal(hash)
    expect(told('edXML-demo-0\r\n', hash)).to.equal(true)
  })

  it('is told by a hash with and without zeros, with and without the line end after the file', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary-ascii' }), fc.boolean(), (file, isEnded) => {
        const came = isEnded ? `${file}\r\n` : file
        for (const digest of [sha256(file), sha256(came)])
          for (const text of [unpadded(digest), digest.toString('hex'), digest.toString('hex').toUpperCase()])
            expect(told(came, text)).to.equal(true)
        expect(told(file, unpadded(sha256(`${file}x`)))).to.equal(false)
      }),
    )
  })

  it('is Latin-1 damaged on the way, or UTF-8, or neither', () => {
    const text = '{"XroadVnpt-description":"Đã nhận é"}'
    const latin = '{"XroadVnpt-description":"é"}'
    const asRead = Buffer.from(text).toString('latin1')
    expect(isProvedBy(asRead, macOf(text, secret), [secret]), 'written as UTF-8').to.equal(true)
    expect(isProvedBy(latin, macOf(latin, secret), [secret]), 'low bytes of Latin-1').to.equal(true)
    const damaged = Buffer.from(text, 'latin1').toString('latin1')
    expect(isProvedBy(damaged, macOf(text, secret), [secret]), 'low bytes of others').to.equal(false)
  })
})

describe('the arguments of a call', () => {
  const signed = (pairs: Readonly<Record<string, string>>) =>
    JSON.stringify(
      Object.fromEntries(Object.entries(pairs).map(([name, value]) => [`XroadVnpt-${name}`, value])),
    )

  it('are those that are signed, whatever the case of their names', () => {
    const args = argumentsOf(
      request({ 'XroadVnpt-sign-header': signed({ docId: 'a', docid: 'b' }), 'XroadVnpt-docid': 'b' }),
    )
    expect(args.text('docId')).to.equal('b')
  })

  it('are refused where they differ from what is signed, or are not signed at all', () => {
    const args = argumentsOf(
      request({
        ...{ 'XroadVnpt-sign-header': signed({ from: 'H99.01' }), 'XroadVnpt-from': 'H99.02' },
        'XroadVnpt-to': '["H98"]',
      }),
    )
    expect(() => args.text('from')).to.throw('bad_signature')
    expect(() => args.text('to')).to.throw('bad_signature')
    expect(args.text('status')).to.equal('')
  })

  it('are not looked at where the verb does not ask for them: clients repeat stale ones', () => {
    const args = argumentsOf(
      request({
        ...{
          'XroadVnpt-sign-header': signed({ from: 'H99.01', status: 'done' }),
          'XroadVnpt-from': 'H99.01',
        },
        'XroadVnpt-status': 'fail',
      }),
    )
    expect(args.text('from')).to.equal('H99.01')
  })

  it('are unreadable where the signed text is no object of JSON', () => {
    for (const text of ['', '[]', 'null', '{"a":1,"a":2}', '{'])
      expect(() => argumentsOf(request({ 'XroadVnpt-sign-header': text })), text).to.throw(
        'malformed_request',
      )
  })

  it('go out signed, fresh, and in ASCII', () => {
    const now = Date.UTC(2026, 10, 21, 13, 12, 48, 564)
    const headers = signedHeaders({ docId: 'é' }, 'application/json', { systemId: 'H99.W00', secret, now })
    const args = argumentsOf(request(headers))
    expect(['systemid', 'docId', 'timestamp'].map((name) => args.text(name))).to.deep.equal([
      ...['H99.W00', '?', '21112026T201248+0564'],
    ])
    const text = headers['XroadVnpt-sign-header'] ?? ''
    expect(isProvedBy(text, headers['XroadVnpt-hash-header'] ?? '', [secret])).to.equal(true)
    expect(headers['XroadVnpt-sign-header-key']).to.equal('systemid;docId;timestamp;Content-Type')
  })
})

describe('times of VXP', () => {
  it('read as they were written, to the millisecond', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4e12 }), (ms) => {
        expect(readMoment(writeMoment(ms))).to.equal(ms)
      }),
    )
  })

  it('have four digits of milliseconds where others have a zone', () => {
    expect(writeMoment(Date.UTC(2026, 10, 21, 13, 4, 57, 928))).to.equal('21112026T200457+0928')
    for (const text of ['21112026T200457+0700x', '32112026T200457+0007', '21112026T200457+1000', ''])
      expect(readMoment(text), text).to.equal(null)
  })

  it('filter lists by days and moments', () => {
    const at = Date.UTC(2026, 10, 21, 13, 4, 57)
    expect(readFilter('21/11/2026 20:04:57')).to.equal(at)
    expect(readFilter('2026/11/21 20:04:57')).to.equal(at)
    expect(readFilter('21/11/2026')).to.equal(Date.UTC(2026, 10, 20, 17))
    expect(readFilter('hôm qua')).to.equal(undefined)
    expect(writeTime(at)).to.equal('2026/11/21 20:04:57')
  })
})
