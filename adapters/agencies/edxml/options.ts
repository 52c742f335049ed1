import { z } from 'zod'

/** What an agency's edXML differs in, for the options of every dialect that carries edXML (edXML §0.2, §1.1, §6.2). */
export const edxmlOptions = {
  /** Code of an organisation as the partner writes it → its code in the directory. */
  codes: z.record(z.string().max(64), z.string().max(64)).default({}),
  /** Generation of the codes that the partner is written to in: 13 characters (2016), or those of Decision 20/2020. */
  generation: z.enum(['2016', '2022']).default('2022'),
  /** `axis`: as the national axis carries it; `soap`: every element, even empty, and `ErrorList`. */
  profile: z.enum(['axis', 'soap']).default('axis'),
  /** `verify`: a signature of profile `peer` whose certificate is known must match; `require`: there must be one; `ignore`: none is looked at. */
  signature: z.enum(['ignore', 'verify', 'require']).default('verify'),
  /** Whether a signature of older clients counts, by RSA-SHA1 over the whole document; else it is reported as not evaluated. */
  acceptLegacySha1: z.boolean().default(false),
  /** What the partner is sent: `axis`: no signature, as on the national axis; `peer`: the gateway's own, as agreed between gateways. */
  signatureProfile: z.enum(['axis', 'peer']).default('axis'),
  /** Whether a letter beyond the lengths of Decree 30/2020 goes out all the same, such as one that carries a dossier number. */
  anyLength: z.boolean().default(false),
} as const

const EdxmlOptions = z.object(edxmlOptions)
export type EdxmlOptions = z.infer<typeof EdxmlOptions>

/** What a partner without options is met with. */
export const edxmlDefaults: EdxmlOptions = EdxmlOptions.parse({})
