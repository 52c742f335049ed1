/** Whether others cannot read what goes to this address: over TLS, or to the same machine. */
export function isPrivateLine(url: string): boolean {
  const { protocol, hostname } = new URL(url)
  return protocol === 'https:' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname)
}
