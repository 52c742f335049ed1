import { z } from 'zod'
import { edxmlOptions } from '../edxml/options.ts'
import { isPrivateLine } from '../line.ts'

/** How one partner on VXP differs from the others: a document system that calls us, or an axis that we call at its `url`. */
export const VxpOptions = z
  .strictObject({
    ...edxmlOptions,
    /** Where the verbs of an axis, or of the security server before it, are called: `https://…/XrdAdapter/adapter`. */
    url: z.url({ protocol: /^https?$/ }).exactOptional(),
    /** Plain http to `url` is a line that others cannot read, such as the state's own network. */
    privateLine: z.boolean().default(false),
    /** What is spoken: the verbs of the national axis, or the REST profile of a province, whose `url` ends with its version. */
    wire: z.enum(['axis', 'rest']).default('axis'),
    /** By REST: whom the token is for, its password being the secret `password`, and through which application. */
    username: z.string().max(128).default(''),
    applicationCode: z.string().max(64).default(''),
    /** Our code on the axis. */
    systemId: z.string().min(1).max(64).default(''),
    /** Whether `hash-file` has two digits for every byte; the official client leaves leading zeros out. */
    paddedHash: z.boolean().default(false),
    timeoutMs: z.int().min(1_000).max(300_000).default(60_000),
    /** Seconds between two looks at the axis' lists; 0 = none. */
    pollSeconds: z.int().min(0).max(86_400).default(60),
    /** Seconds after a lost answer until the axis' list of what we sent is asked for the document; 0 = that list is not believed. */
    askSentAfterSeconds: z.int().min(0).max(3_600).default(60),
    /** Rows of that list from which on it may have been cut off, so that what is missing may be there all the same. */
    sentListRows: z.int().min(1).max(100_000).default(100),
    /** Seconds between two readings of the axis' own directory, kept here as a copy; 0 = none is kept. */
    directorySeconds: z.int().min(0).max(604_800).default(86_400),
    /** The verb that gives it: older codes stand in `oldCode`, or in `code102`. */
    directoryBy: z.enum(['getAgenciesList', 'getAgenciesListQD20']).default('getAgenciesList'),
    /** Which verb the axis has; both are read as they come, `downloadEdoc` without base64 around. */
    fetchBy: z.enum(['getEdoc', 'downloadEdoc']).default('getEdoc'),
    /** Hours by which the timestamp of a call to us may differ; 0 = any, for the official client writes the time of its own start. */
    timestampHours: z.int().min(0).max(8_760).default(0),
  })
  .refine(({ url, privateLine }) => url === undefined || privateLine || isPrivateLine(url), {
    path: ['url'],
    message: 'asks for https, or for privateLine on a network of the state',
  })
  .refine(({ url, systemId }) => url === undefined || systemId !== '', {
    path: ['systemId'],
    message: 'is asked for by url',
  })
  .refine(({ url, wire, username }) => url === undefined || wire === 'axis' || username !== '', {
    path: ['username'],
    message: 'is asked for by url with wire: rest',
  })

export type VxpOptions = z.infer<typeof VxpOptions>

/** What a body without options of this dialect is met with. */
export const defaults: VxpOptions = VxpOptions.parse({})
