import { BlockList, isIP } from 'node:net'

/**
 * Addresses that are no public host: private, shared, loopback, link-local (cloud metadata among it), documentation, benchmark, relay,
 * multicast and reserved (IANA special-purpose registries).
 */
const specialV4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/3',
] as const

/** Outside 2000::/3 nothing is a public host: mapped IPv4, NAT64, unique-local, link-local, multicast. Inside it, tunnels and documentation are none. */
const specialV6 = [
  '::/3',
  '4000::/2',
  '8000::/1',
  '2001::/23',
  '2001:db8::/32',
  '2002::/16',
  '3fff::/20',
] as const

const families = { 4: 'ipv4', 6: 'ipv6' } as const

// A list each: a rule for mapped addresses (::ffff:0:0/96) would match every IPv4 address too.
const special = { ipv4: listOf(specialV4), ipv6: listOf(specialV6) } as const

/** Tells whether an address may be called: a public one, or one in a network (CIDR) that is allowed. What is no address is refused. */
export function createAddressRule(networks: readonly string[]): (address: string) => boolean {
  const allowed = listOf(networks)
  return (address) => {
    const family = families[isIP(address) as keyof typeof families] as 'ipv4' | 'ipv6' | undefined // 0: no address
    if (family === undefined || address.includes('%')) return false
    return allowed.check(address, family) || !special[family].check(address, family)
  }
}

function listOf(networks: readonly string[]): BlockList {
  const list = new BlockList()
  for (const network of networks) {
    const [base = '', bits = ''] = network.split('/')
    list.addSubnet(base, Number(bits), base.includes(':') ? 'ipv6' : 'ipv4')
  }
  return list
}
