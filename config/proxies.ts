import { BlockList, isIP } from 'node:net'
import type { ProxyRules } from '../routes/presented.ts'

const bits = { 4: 32, 6: 128 } as const

interface Range {
  readonly address: string
  readonly family: 'ipv4' | 'ipv6'
  readonly prefix: number
}

function rangeOf(text: string): Range | undefined {
  const [address = '', length, ...rest] = text.split('/')
  const version = isIP(address)
  if ((version !== 4 && version !== 6) || rest.length > 0) return undefined
  const prefix = length === undefined ? bits[version] : Number(/^\d{1,3}$/.test(length) ? length : NaN)
  if (!(prefix >= 0 && prefix <= bits[version])) return undefined
  return { address, family: `ipv${version}`, prefix }
}

/** Whether a text is an IP address or a CIDR range. */
export const isRange = (text: string): boolean => rangeOf(text) !== undefined

/** Whether an address is within one of these ranges; an IPv4 address in the form of IPv6 counts as what it is. */
export function createTrust(ranges: readonly string[]): ProxyRules['isTrusted'] {
  const list = new BlockList()
  for (const text of ranges) {
    const range = rangeOf(text)
    if (range !== undefined) list.addSubnet(range.address, range.prefix, range.family)
  }
  if (ranges.length === 0) return () => false
  return (address) => {
    const version = isIP(address)
    return version !== 0 && list.check(address, version === 4 ? 'ipv4' : 'ipv6')
  }
}
