import type { Json } from '../../schemas/message.ts'
import type { Alert } from '../../schemas/alert.ts'

/** A way to reach people. */
export interface Notifier {
  /** Takes an alert; never throws and never waits. */
  tell(alert: Alert): void
  close(): Promise<void>
}

export type NotifyLog = (
  level: 'error' | 'warn',
  event: string,
  fields: Readonly<Record<string, Json | undefined>>,
) => void
