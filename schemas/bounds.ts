const kibi = 1024
const mebi = 1024 * kibi

/** What is bounded, and where; `docs/limits.md` explains each to those who meet it. What an operator may change is in the environment. */
export const bounds = {
  /** Bytes of a message as it comes over the wire, in whatever dialect. */
  messageBytes: 2 * mebi,
  /** Bytes of a message as signed XML: sealing it for a recipient adds a third. */
  originalBytes: 1_400_000,
  /** Bodies that are read as they come, such as documents with their attachments, at once; 429 beyond. */
  streams: 32,
  /** Bytes of a JSON body of any other endpoint. */
  jsonBytes: mebi,
  jsonDepth: 32,
  jsonValues: 100_000,
  /** A body larger than this waits on disk, encrypted, for its turn. */
  memoryBytes: 256 * kibi,
  /** Bytes of bodies that a process holds in memory while they come in; 429 beyond. */
  incomingBytes: 64 * mebi,
  /** Bodies on disk at once; 429 beyond. */
  spooled: 256,
  /** Of them, those that are worked on at once. */
  turns: 2,
  /** A document axis takes its arguments as headers, and the recipients of a letter twice. */
  headerBytes: 64 * kibi,
  headers: 100,
  headersMs: 15_000,
  requestMs: 3_600_000,
  idleMs: 65_000,
  /** Each so many ms a client has to send so many bytes of a body it has begun, or to take some of its answer. */
  paceMs: 15_000,
  paceBytes: 8 * kibi,
  /** How long the rest of a body that was refused is still read, so that its sender sees the answer. */
  lingerMs: 2_000,
} as const

export type Bounds = { readonly [K in keyof typeof bounds]: number }
