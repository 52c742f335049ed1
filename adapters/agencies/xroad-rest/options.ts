import { z } from 'zod'
import { actions } from '../../../schemas/actions.ts'
import { AnswerAfter } from '../answer-after.ts'
import { isPrivateLine } from '../line.ts'
import { templateOf } from '../template.ts'
import { ClientId, Party, ProviderId, ServerId, ServiceId } from './ids.ts'

const actionNames = z.enum(Object.keys(actions) as [keyof typeof actions])

/** What a service of ours does: one of the national services by its name, or a message of an action. */
const Offered = z.union([
  z.strictObject({ service: z.string().min(1).max(100) }),
  z.strictObject({ action: actionNames }),
])

/** A service of the body that takes an action. */
const Called = z.strictObject({
  service: ServiceId,
  method: z.enum(['POST', 'PUT']).default('POST'),
  /** What follows the service in the address; `{subject}` such as MaHoSo, `{id}` of the message, `{sender}`. */
  path: templateOf(['subject', 'id', 'sender'], 500)
    .regex(/^(\/[A-Za-z0-9\-._~{}]+)*$/)
    .default(''),
  /** `payload`: as it is; `rows`: its `data`, a bare list; `row`: the one row of it. */
  body: z.enum(['payload', 'rows', 'row']).default('payload'),
})

const visible = z
  .string()
  .max(200)
  .regex(/^[\x21-\x7e]+$/)

/** How one body is met over X-Road REST, as a client of our services and as a provider of its own. */
export const XRoadOptions = z
  .strictObject({
    /** Its subsystems that may call here; none unless said. */
    clients: z.array(ClientId).max(20).default([]),
    /** The subsystem under which services are offered here. */
    provider: ProviderId.exactOptional(),
    /** The security server by which a client may pin us. */
    server: ServerId.exactOptional(),
    /** Service code → what it does; a code that is not here is the name of a national service. */
    services: z.record(z.string().min(1).max(100), Offered).default({}),
    catalogs: z.record(z.string().max(100), z.string().max(32)).default({}),
    units: z.record(z.string().max(200), z.string().max(64)).default({}),
    answerAfter: AnswerAfter,
    /** Address of the security server by which the body's services are called. */
    url: z.url({ protocol: /^https?$/ }).exactOptional(),
    privateLine: z.boolean().default(false),
    timeoutMs: z.int().min(1_000).max(120_000).default(30_000),
    /** The subsystem under which we call; registered at the security server. */
    client: ClientId.exactOptional(),
    calls: z.partialRecord(actionNames, Called).default({}),
    securityServer: ServerId.exactOptional(),
    userId: visible.regex(/^[A-Z]{2}/).exactOptional(),
    representedParty: Party.exactOptional(),
    /** The body's services tell repeats apart by X-Road-Id. */
    repeatable: z.boolean().default(false),
  })
  .refine(({ url, privateLine }) => url === undefined || privateLine || isPrivateLine(url), {
    path: ['url'],
    message: 'asks for https, or for privateLine on a network of the state',
  })
  .refine(({ url, client }) => (url === undefined) === (client === undefined), {
    path: ['client'],
    message: 'url and client go together',
  })

export type XRoadOptions = z.infer<typeof XRoadOptions>
