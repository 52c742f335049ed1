import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { openParts } from '../adapters/agencies/body-parts.ts'
import { dialects } from '../adapters/agencies/index.ts'
import type { AgencyKeys } from '../adapters/agencies/dialect.ts'
import { createSpool } from '../adapters/blobs/spool.ts'
import { createSniffer } from '../adapters/blobs/sniff.ts'
import { createProbe } from '../adapters/transport/probe.ts'
import { createTransport } from '../adapters/transport/ways.ts'
import { createAlerts } from '../workers/alerts.ts'
import type { AskDeps } from '../workers/ask.ts'
import { createAwaitOutcomes } from '../workers/answer-after.ts'
import { createAttempt, type AttemptDeps } from '../workers/attempt.ts'
import { createDeliver } from '../workers/deliver.ts'
import { createFiles } from '../workers/files.ts'
import { createHealth } from '../workers/health.ts'
import { createIntakes } from '../workers/intake.ts'
import { createLinkedFiles } from '../workers/linked-files.ts'
import { createLists } from '../workers/lists.ts'
import { createMailbox } from '../workers/mailbox.ts'
import { createOpen, createSeal } from '../workers/open.ts'
import { createReportOutcome } from '../workers/outcome.ts'
import { createQueries } from '../workers/query.ts'
import type { Polls } from '../workers/polls.ts'
import { createRecord } from '../workers/record.ts'
import { createAdministration } from '../workers/registry/index.ts'
import { createRelay, type Relay } from '../workers/relay.ts'
import { createSecrets } from '../workers/secrets.ts'
import { createSubmit, type SubmitDeps } from '../workers/submit.ts'
import { createSweep } from '../workers/sweep.ts'
import { createSweepBlobs } from '../workers/sweep-blobs.ts'
import { createPayments } from '../workers/payments.ts'
import { createDeliveries } from '../workers/deliveries.ts'
import { createLookUpOrganisation } from '../workers/organisations.ts'
import { createTrafficOrders } from '../workers/traffic.ts'
import { createRateLimit } from '../routes/limits.ts'
import type { AppDeps } from '../routes/app.ts'
import { readAuthorities } from './authorities.ts'
import { blobDirOf } from './blob-folder.ts'
import { commonDeps } from './common.ts'
import { readDoorPaths, withDoorPaths } from './door-paths.ts'
import { wireDialectDoors } from './dialect-doors.ts'
import { wireIdentity } from './identity.ts'
import { describe } from './log.ts'
import { createNotifiers } from './notify.ts'
import type { Parts } from './parts.ts'
import { wirePolls } from './polls.ts'
import { rateOf } from './rate.ts'
import { readVersion } from './version.ts'

/** The name under which this process holds leases and writes its evidence; new at every start. */
export function processName(): string {
  return `${hostname()}-${process.pid}-${randomUUID().slice(0, 8)}`
}

/** What a process does, ready to be started: its HTTP side and the steps its loops repeat. */
export interface Gateway {
  readonly app: AppDeps
  readonly relay: Relay
  readonly polls: Polls
  readonly sweep: () => Promise<boolean>
  readonly sweepBlobs: () => Promise<boolean>
  readonly deliver: (deliveryId: string) => Promise<void>
  readonly isPushed: (agency: string) => boolean
  /** Tells what was gathered for people. */
  readonly tellAlerts: () => Promise<boolean>
  close(): Promise<void>
}

/** Joins the parts to the steps of a message's way. Nothing runs yet. */
export function wire(parts: Parts, owner: string): Gateway {
  const { env, keys, broker } = parts
  const authorities = readAuthorities(env.OUTGOING_CA_FILE)
  const transport = createTransport({ authorities })
  const notifier = createNotifiers(env, transport, parts.log)
  const alerts = createAlerts({
    tell: (alert) => notifier.tell(alert),
    contactsOf: async (agency) => (await parts.store.findContacts(agency))?.technical ?? [],
    now: parts.now,
  })
  const common = commonDeps(parts, owner, alerts)
  const relay = createRelay({ ...common, broker, window: env.PREFETCH * 2 })
  const record = createRecord({
    ...common,
    publish: relay.publish,
    opened: (agency, code) => alerts.raise({ kind: 'breaker', agency, code, deliveryId: null }),
  })
  const files = createFiles({ ...common, sniff: createSniffer, maxFileBytes: env.FILE_MAX_BYTES })
  const outside: Pick<AttemptDeps, 'transportOf' | 'keysOf' | 'openParts'> = {
    transportOf: ({ networks = [] }) => transport.to(networks),
    keysOf: keysOf(parts),
    openParts: (parts) => openParts(parts, files.read),
  }
  const mailbox = createMailbox({
    ...common,
    ...outside,
    record,
    mailboxLeaseMs: env.MAILBOX_LEASE_SECONDS * 1000,
  })
  const linkedFiles = createLinkedFiles({
    ...common,
    reading: ({ networks = [] }) => transport.reading(networks),
    maxFileBytes: env.FILE_MAX_BYTES,
  })
  const attempt = createAttempt({ ...common, ...outside })
  const queries = createQueries(common)
  const open = createOpen({ ...common, decryptionKeys: [keys.decryption] })
  const intakes = createIntakes({
    ...common,
    open,
    referred: (message) => files.referred(message),
    seal: createSeal(common),
    room: relay,
    publish: relay.publish,
  })
  const reports = reportsOf(parts)
  const asks = { reportUnasked: reports.reportUnasked }
  const submit = createSubmit({
    ...common,
    ...intakes,
    ...reports,
    awaitOutcomes: createAwaitOutcomes(common),
  })
  return {
    relay,
    isPushed: common.isPushed,
    polls: wirePolls(parts, alerts, { ...common, ...outside, submit, ...files }),
    sweep: createSweep(common),
    sweepBlobs: createSweepBlobs(common),
    deliver: createDeliver({ ...common, attempt, record }),
    app: {
      ...common,
      report: reports.report,
      dialects: withDoorPaths(dialects, readDoorPaths(env.DOOR_PATHS)),
      ...wireIdentity(parts, common.directory),
      limit: createRateLimit(rateOf(env)),
      spool: createSpool(blobDirOf(env)),
      files,
      linkedFiles,
      submit,
      ...wireDialectDoors(parts, { ...common, ...outside, ...asks, submit, mailbox, files, linkedFiles }),
      mailbox,
      queries,
      lists: createLists({ ...common, queries }),
      secrets: createSecrets({ ...common, registry: parts.registry }),
      reportOutcome: createReportOutcome(common),
      traffic: createTrafficOrders(common),
      lookUpOrganisation: createLookUpOrganisation(common),
      administration: createAdministration({ ...parts, dialects, probe: createProbe({ authorities }) }),
      deliveries: createDeliveries(common),
      payments: createPayments(common),
      certificates: certificatesOf(parts),
      health: createHealth({ ...common, broker, key: keys.signing }),
      metrics: () => parts.metrics.render(),
      maxInFlight: env.MAX_IN_FLIGHT,
      version: readVersion(),
    },
    tellAlerts: () => alerts.flush().then(() => false),
    close: async () => {
      await notifier.close()
      await transport.close()
    },
  }
}

type Reports = Pick<SubmitDeps, 'reportSubmit'> & Pick<AppDeps, 'report'> & Pick<AskDeps, 'reportUnasked'>

function reportsOf({ log, metrics }: Parts): Reports {
  return {
    reportUnasked: (line) => log('info', 'payment not asked', { ...line }),
    reportSubmit(line) {
      metrics.submit(line)
      log('info', 'submit', { ...line })
    },
    report({ cause, ...line }) {
      const isOurs = line.code === 'internal'
      log(isOurs ? 'error' : 'info', 'refused', {
        ...line,
        ...(cause === undefined ? {} : { cause: describe(cause) }),
      })
    },
  }
}

/** What a dialect may use towards a body, as it is now. No dialect signs with a key of its own yet. */
function keysOf({ registry, now }: Parts): (agency: string) => AgencyKeys {
  return (agency) => ({
    secrets: (name) => registry.secrets.values(agency, name, now()),
    privateKey: () => undefined,
  })
}

function certificatesOf({ env, keys: { signing, decryption } }: Parts): AppDeps['certificates'] {
  const seals = signing.certificate.pem
  return { code: env.GATEWAY_CODE, receipts: seals, seals, encryption: decryption.certificate.pem }
}
