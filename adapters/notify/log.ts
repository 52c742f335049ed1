import type { Notifier, NotifyLog } from './notifier.ts'

/** Writes alerts to the log, without the names of the contacts. */
export function createLogNotifier(log: NotifyLog): Notifier {
  return {
    tell: ({ contacts, ...alert }) =>
      log(alert.kind === 'refused' ? 'warn' : 'error', 'alert', { ...alert, contacts: contacts.length }), // a refusal is its sender's to mend
    close: () => Promise.resolve(),
  }
}
