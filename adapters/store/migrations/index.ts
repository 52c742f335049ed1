import { base } from './0001-base.ts'
import { audit } from './0002-audit.ts'
import { listing } from './0003-listing.ts'
import { credentials } from './0004-credentials.ts'
import { agencySecrets } from './0005-agency-secrets.ts'
import { administration } from './0006-administration.ts'
import { traffic } from './0007-traffic.ts'
import { files } from './0008-files.ts'
import { naturalKeys } from './0009-natural-keys.ts'
import { fileHosts } from './0011-file-hosts.ts'
import { numbers } from './0012-numbers.ts'
import { payments } from './0013-payments.ts'
import { polls } from './0015-polls.ts'
import { pollMarks } from './0016-poll-marks.ts'
import { deliveryNumbers } from './0018-delivery-numbers.ts'
import { doubts } from './0021-doubts.ts'
import { organisations } from './0021-organisations.ts'
import { messageNumbers } from './0022-message-numbers.ts'
import { pollThings } from './0023-poll-things.ts'
import { recipientNotes } from './0024-recipient-notes.ts'
import type { Migration } from './migration.ts'

/** In order. Listed by hand and not found by a folder scan, so that the built program has them. Never change one that was released. */
export const migrations: readonly Migration[] = [
  base,
  audit,
  listing,
  credentials,
  agencySecrets,
  administration,
  traffic,
  files,
  naturalKeys,
  fileHosts,
  numbers,
  payments,
  polls,
  pollMarks,
  deliveryNumbers,
  doubts,
  organisations,
  messageNumbers,
  pollThings,
  recipientNotes,
]

/** Names of all tables. */
export const tableNames: readonly string[] = migrations.flatMap(({ tables }) => tables)
