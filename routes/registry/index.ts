import type { Administration } from '../../workers/registry/index.ts'
import type { Endpoint } from '../endpoint.ts'
import { agencyEndpoints } from './agencies.ts'
import { auditEndpoints } from './audit.ts'
import { certificateEndpoints } from './certificates.ts'
import { connectionEndpoints } from './connection.ts'
import { importEndpoints } from './import.ts'
import { listEndpoints } from './lists.ts'

export interface RegistryRoutesDeps {
  readonly administration: Administration
}

/** Doors of administration: bodies, their certificates, what they may do, and who changed it. */
export function registryEndpoints({ administration }: RegistryRoutesDeps): readonly Endpoint[] {
  return [
    ...agencyEndpoints(administration),
    ...certificateEndpoints(administration),
    ...listEndpoints(administration),
    ...importEndpoints(administration),
    ...connectionEndpoints(administration),
    ...auditEndpoints(administration),
  ]
}
