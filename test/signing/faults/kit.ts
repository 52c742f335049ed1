import type { ErrorCode } from '../../../schemas/errors.ts'
import type { SigningKey } from '../../../signing/keys.ts'
import { axis } from '../../../signing/namespaces.ts'
import type { KnownCertificate } from '../../../signing/open.ts'
import { headerXml } from '../craft.ts'
import type { Craft } from '../craft.ts'
import { certify, known } from '../parties.ts'
import type { Pair } from '../parties.ts'

/** One thing wrong, all else right: code, reason, how it is made, and what the registry holds besides `parties.ts`. */
export type Row = readonly [ErrorCode, RegExp, Craft, { readonly knows: readonly KnownCertificate[] }?]
/** Faults by the name of their fixture. */
export type Rows = Readonly<Record<string, Row>>

export const more = 'http://www.w3.org/2001/04/xmldsig-more#'

export const certified = (
  pair: Pair,
  wanted: Parameters<typeof certify>[2] = {},
  name = 'H01',
): Pick<SigningKey, 'key' | 'certificate'> => ({
  key: pair.privateKey,
  certificate: certify(name, pair, wanted),
})

export const knowing = (signer: Pick<SigningKey, 'certificate'>, agency = 'H01') => ({
  knows: [known(agency, signer)],
})

export const signedBody = (content: string): Craft => ({
  body: `<Body xmlns="${axis}" Id="body">${content}</Body>`,
})

export const signedHeader = (edit: (text: string) => string): Craft => ({ header: edit(headerXml) })

export const edited = (edit: (text: string) => string): Craft => ({ edit })
