import { z } from 'zod'
import { contentOf, RegistryContent } from '../../schemas/registry-file.ts'
import type { Administration } from '../../workers/registry/index.ts'
import { endpoint, type Endpoint } from '../endpoint.ts'
import { Reason } from './shapes.ts'

const flag = z.stringbool().default(false)

const Difference = z.object({
  part: z.enum(['agencies', 'aliases', 'certificates', 'trustRoots', 'grants', 'subscriptions']),
  name: z.string(),
  kind: z.enum(['created', 'changed', 'removed']),
})

/** A registry file, without credentials: those are issued at a door of their own. */
export function importEndpoints({ importRegistry }: Administration): readonly Endpoint[] {
  return [
    endpoint({
      method: 'POST',
      path: '/admin/v1/agencies/import',
      tag: 'registry',
      summary: {
        vi: 'Nhập tệp danh bạ theo mã; dryRun chỉ cho biết thay đổi, prune bỏ những gì tệp không có',
        en: 'Merge a registry file by code; dryRun only tells, prune removes what the file does not name',
      },
      access: ['admin'],
      query: z.object({ dryRun: flag, prune: flag }),
      body: z.strictObject({ registry: RegistryContent, reason: Reason }),
      answer: z.object({ dryRun: z.boolean(), differences: z.array(Difference) }),
      errors: ['conflict'],
      handle: ({ caller, query, body }) =>
        importRegistry(caller, { ...query, content: contentOf(body.registry), reason: body.reason }),
    }),
  ]
}
