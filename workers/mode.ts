import type { Dialect } from '../adapters/agencies/dialect.ts'
import type { Agency } from '../schemas/agency.ts'

/** Whether deliveries of a body are pushed to it or pulled by it. */
export const modeOf = ({ mode }: Pick<Dialect, 'mode'>, agency: Agency): 'push' | 'pull' =>
  typeof mode === 'function' ? mode(agency) : mode
