import { z } from 'zod'
import type { LookUpOrganisation } from '../workers/organisations.ts'
import { endpoint, type Endpoint } from './endpoint.ts'
import { onlookers } from './traffic.ts'

export interface OrganisationRoutesDeps {
  readonly lookUpOrganisation: LookUpOrganisation
}

const OrganisationsAnswer = z
  .object({
    readAt: z.int().nullable(),
    ageMs: z.int().nullable(),
    count: z.int(),
    items: z.array(z.object({ code: z.string(), other: z.string(), name: z.string(), parent: z.string() })),
  })
  .meta({ id: 'Organisations' })

/** The copy of a partner's own directory. */
export function organisationEndpoints({ lookUpOrganisation }: OrganisationRoutesDeps): readonly Endpoint[] {
  return [
    endpoint({
      method: 'GET',
      path: '/admin/v1/agencies/:code/organisations',
      tag: 'agencies',
      summary: {
        vi: 'Tra một đơn vị trong bản chép danh bạ riêng của đối tác, theo mã của cả hai thế hệ; bản chép cũ bao lâu',
        en: "Look an organisation up in the copy of a partner's own directory, by its code of either generation; how old the copy is",
      },
      access: onlookers,
      params: z.object({ code: z.string().min(1).max(64) }),
      query: z.object({ organ: z.string().min(1).max(64) }),
      answer: OrganisationsAnswer,
      handle: ({ caller, params, query }) => lookUpOrganisation(caller, params.code, query.organ),
    }),
  ]
}
