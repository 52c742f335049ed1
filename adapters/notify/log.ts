import type { Notifier, NotifyLog } from './notifier.ts'

/** Writes alerts to the log, without the names of the contacts. */
export function createLogNotifier(log: NotifyLog): Notifier {
  return {
    tell: ({ contacts, ...alert }) => log('error', 'alert', { ...alert, contacts: contacts.length }),
    close: () => Promise.resolve(),
  }
}
