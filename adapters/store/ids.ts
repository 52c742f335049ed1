const uuidText = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** A view of the same bytes as a Buffer: mysql2 binds nothing else as bytes. */
export const asBuffer = (bytes: Uint8Array): Buffer =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)

/** UUID text to the 16 bytes of its column. Throws on anything else: a shortened id would be another id. */
export function toBytes(uuid: string): Buffer {
  if (!uuidText.test(uuid)) throw new TypeError('not a UUID')
  return Buffer.from(uuid.replaceAll('-', ''), 'hex')
}

/** UUID text to bytes, or null for what is no UUID. */
export const toBytesOrNull = (uuid: string): Buffer | null => (uuidText.test(uuid) ? toBytes(uuid) : null)

export const toHex = (bytes: Uint8Array): string => asBuffer(bytes).toString('hex')

/** The 16 bytes of an id column to UUID text. */
export function toUuid(bytes: Uint8Array): string {
  const hex = toHex(bytes)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
