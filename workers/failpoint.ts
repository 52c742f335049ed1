/**
 * The named commit points. At each, a drill may kill the process; nothing may be lost or doubled wherever that happens.
 * In production the function passed in does nothing.
 */
export const failpoints = [
  'accept:before-commit',
  'accept:after-commit',
  'relay:after-lease',
  'relay:after-publish',
  'deliver:after-claim',
  'deliver:after-send',
  'record:before-commit',
  'record:after-commit',
] as const

export type FailpointName = (typeof failpoints)[number]
export type Failpoint = (name: FailpointName) => void
