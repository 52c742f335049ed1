import type { Panel } from './chart.ts'
import type { Measured } from './measure.ts'
import { rounded } from './numbers.ts'
import type { ProfileRow } from './profile.ts'
import type { RawMeter } from './raw.ts'
import type { RelayRun } from './relay.ts'
import { rate, targets, type Summary } from './summary.ts'

const line = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  return [line(head), line(head.map((_, index) => (index === 0 ? '---' : '--:'))), ...rows.map(line)].join(
    '\n',
  )
}

const size = (bytes: number) => (bytes >= 1024 * 1024 ? '1 MB' : `${bytes / 1024} KB`)
const whole = (value: number) => Math.round(value).toLocaleString('en')

/** The bars of docs/benchmark.svg. */
export function panelsOf(summary: Summary, { signing }: Measured): readonly Panel[] {
  const ten = signing.find(({ bytes }) => bytes === 10 * 1024)
  return [
    {
      title: 'Messages per second, 2 KB, everything on this machine (logarithmic)',
      bars: [
        { label: 'this gateway', value: summary.relayPerSecond, strong: true },
        { label: 'hand-written relay', value: summary.handWrittenPerSecond },
        { label: 'RabbitMQ shovel (no seal, no store)', value: summary.shovelPerSecond },
        { label: 'raw RSA-2048 signatures, one core', value: summary.rsa2048SignPerSecond },
      ],
    },
    {
      title: 'Signed XML per second, 10 KB, one core (logarithmic)',
      bars: [
        { label: 'sign, this gateway', value: ten?.sign ?? 0, strong: true },
        { label: 'sign, xml-crypto', value: ten?.xmlCryptoSign ?? 0 },
        { label: 'verify and read, this gateway', value: ten?.verify ?? 0, strong: true },
        { label: 'verify, xml-crypto', value: ten?.xmlCryptoVerify ?? 0 },
      ],
    },
  ]
}

/** docs/benchmark.md. */
export function documentOf(summary: Summary, measured: Measured, meter: RawMeter): string {
  return [
    '# Benchmark',
    'The last full run of `npm run bench`, written by the run itself. All of it is on one machine: the client with its signed messages, ' +
      'one `api` and one `worker` process of the gateway, RabbitMQ, MariaDB with durable commits, and the recipients. Ratios are ' +
      'within this run; figures per second depend on the machine and on what else it does.',
    '![Messages and signatures per second](benchmark.svg)',
    '## Targets',
    targetTable(summary),
    `This machine: ${String(summary.conditions['rsaInstructions'])}. OpenSSL signs with RSA two to three times as fast where the processor has ` +
      'AVX-512 IFMA, and nothing else of a relay gains from it: the same gateway then has half the ratio to a raw signature, or less ' +
      '(0.18 to 0.22 were measured where raw signatures ran at 3,000 to 4,700 per second). The ratio to the hand-written relay does not depend on it.',
    '## Relay',
    'A message counts when it is accepted, with its recipient, and recorded as delivered with its signed receipts. 256 are under way at any time ' +
      '(64 for the hand-written relay), on many lanes and eight recipients. Each process is warm (thousands of messages before the ' +
      'first that counts). Median of the runs.',
    relayTable(summary, measured),
    '## Latency and memory at ' + `${Math.round(measured.steady.perSecond)} per second`,
    'An open loop: each message has its time beforehand and is measured from it, so that a stall shows in every message it delays.',
    steadyTable(measured.steady),
    '## Processor time a message, 2 KB',
    usageTable(measured.small),
    '## Sign and verify',
    'Element-dense bodies, RSA-2048, one after the other in one process. Ours reads the content too; xml-crypto only checks it.',
    signingTable(measured),
    '## Dialects',
    'The same dossiers through the door of a dialect and through the native one, from the request to the recorded delivery; and one large file ' +
      'as an attachment of edXML beside the same file through the native door.',
    doorsTable(measured),
    documentsTable(measured),
    '## Where the processor time goes',
    'Share of the busy time of each process, by group of functions (V8 profile). Native work counts for who asked for it.',
    ...Object.entries(measured.profiles).map(([role, rows]) => profileTable(role, rows)),
    '## Raw signatures of one core',
    table(
      ['slices, per second', 'RSA-2048', 'P-256', 'signed messages of 2 KB for each RSA-2048'],
      meter
        .slices('rsa2048')
        .map((rsa, index) => [
          index + 1,
          whole(rsa),
          whole(meter.slices('p256')[index] ?? 0),
          (meter.signPerRsaSign()[index] ?? 0).toFixed(2),
        ]),
    ),
    '## Conditions',
    table(['what', 'value'], Object.entries(summary.conditions)),
    '',
  ].join('\n\n')
}

function targetTable(summary: Summary): string {
  return table(
    ['figure', 'target', 'this run'],
    targets.map(([name, kind, value]) => [
      `\`${name}\``,
      `${kind === 'atLeast' ? '≥' : '≤'} ${value}`,
      Number(summary[name]),
    ]),
  )
}

function relayTable(summary: Summary, { small, large, many, handWritten }: Measured): string {
  const row = (name: string, runs: readonly RelayRun[]) => [
    name,
    whole(rate(runs)),
    runs.map(({ perSecond }) => whole(perSecond)).join(', '),
    rounded(rate(runs) / summary.rsa2048SignPerSecond),
  ]
  const { storedFew, storedMany } = summary.conditions
  return table(
    ['relay', 'per second', 'runs', 'per raw RSA-2048 signature'],
    [
      row(`gateway, 2 KB, ${storedFew ?? ''} stored before`, small),
      row(`gateway, 2 KB, ${storedMany ?? ''} stored before`, many),
      row('gateway, 10 KB', large),
      row('hand-written relay, 2 KB', handWritten),
      ['RabbitMQ shovel, 2 KB', whole(summary.shovelPerSecond), '', ''],
    ],
  )
}

function doorsTable({ doors }: Measured): string {
  return table(
    ['dossiers', 'per second', 'answered in, p50 ms', 'p99 ms'],
    doors.map(({ door, perSecond, answerP50Ms, answerP99Ms }) => [
      door,
      ...[perSecond, answerP50Ms, answerP99Ms].map(whole),
    ]),
  )
}

function documentsTable({ documents }: Measured): string {
  return table(
    ['large content', 'seconds', 'MiB/s', 'most MiB, api', 'worker'],
    documents.map(({ what, seconds, mebibytesPerSecond, rssMiB }) => [
      ...[what, seconds.toFixed(1), whole(mebibytesPerSecond)],
      ...['api', 'worker'].map((name) => whole(rssMiB[name] ?? 0)),
    ]),
  )
}

function steadyTable({ arrival, receipt, usage }: RelayRun): string {
  const ms = (value: number) => whole(value)
  const latency = table(
    ['from the due time until', 'p50 ms', 'p99 ms', 'longest ms'],
    [
      ['the sender has its receipt', ms(receipt.p50Ms), ms(receipt.p99Ms), ms(receipt.maxMs)],
      ['the recipient has the message', ms(arrival.p50Ms), ms(arrival.p99Ms), ms(arrival.maxMs)],
    ],
  )
  const memory = table(
    ['process', 'most MiB', 'second quarter', 'last quarter'],
    usage.map(({ name, rssMiB, rssEarlyMiB, rssLateMiB }) => [
      name,
      whole(rssMiB),
      whole(rssEarlyMiB),
      whole(rssLateMiB),
    ]),
  )
  return `${latency}\n\n${memory}`
}

function usageTable(runs: readonly RelayRun[]): string {
  const [first] = runs
  const rows = (first?.usage ?? []).map(({ name }, index) => [
    name,
    ...runs.map(({ usage, messages }) => ((usage[index]?.cpuMs ?? 0) / messages).toFixed(2)),
  ])
  return table(['process', ...runs.map((_, index) => `run ${index + 1}, ms`)], rows)
}

function signingTable({ signing }: Measured): string {
  return table(
    ['payload', 'sign', 'xml-crypto', 'ratio', 'verify', 'xml-crypto', 'ratio'],
    signing.map(({ bytes, sign, xmlCryptoSign, verify, xmlCryptoVerify }) => [
      size(bytes),
      rounded(sign),
      rounded(xmlCryptoSign),
      rounded(sign / xmlCryptoSign),
      rounded(verify),
      rounded(xmlCryptoVerify),
      rounded(verify / xmlCryptoVerify),
    ]),
  )
}

function profileTable(role: string, rows: readonly ProfileRow[]): string {
  return table(
    [role, 'share'],
    rows
      .filter(({ share }) => share >= 0.005)
      .map(({ group, share }) => [group, `${(100 * share).toFixed(1)} %`]),
  )
}
