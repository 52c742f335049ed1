import { expect } from 'chai'
import { createAddressRule } from '../../../adapters/transport/addresses.ts'

const refused = [
  ...['0.0.0.0', '10.1.2.3', '100.64.0.1', '127.0.0.1', '127.255.255.254', '169.254.169.254', '172.16.0.1'],
  ...['172.31.255.255', '192.168.1.1', '192.0.2.7', '198.18.0.1', '224.0.0.1', '255.255.255.255'],
  ...['::', '::1', '::127.0.0.1', '::ffff:127.0.0.1', '::ffff:8.8.8.8', '64:ff9b::7f00:1', '100::1'],
  ...[
    'fc00::1',
    'fd12:3456::1',
    'fe80::1',
    'fe80::1%lo',
    'fec0::1',
    'ff02::1',
    '2002:7f00:1::',
    '2001:db8::1',
  ],
  ...['2001::1', 'localhost', '', '127.1', '2130706433'],
]
const open = ['8.8.8.8', '203.162.0.181', '172.32.0.1', '100.128.0.1', '2001:ee0::1', '2405:4800::1']

describe('the rule for addresses', () => {
  const isAllowed = createAddressRule([])

  for (const address of refused)
    it(`refuses ${address || 'nothing'}`, () => expect(isAllowed(address)).to.equal(false))

  for (const address of open) it(`lets ${address} through`, () => expect(isAllowed(address)).to.equal(true))

  it('allows the networks that it is given, and no more', () => {
    const rule = createAddressRule(['10.64.0.0/12', 'fd00::/8'])
    expect(['10.64.0.1', '10.79.255.255', '::ffff:10.64.0.1', 'fd00::5'].every(rule)).to.equal(true)
    expect(['10.80.0.0', '10.0.0.1', '127.0.0.1', 'fc00::1'].some(rule)).to.equal(false)
  })
})
