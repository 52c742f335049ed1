import { z } from 'zod'

const word = z.string().min(1).max(200)

/** The header by which some integration platforms (LGSP) know a client, beside its token. */
export const accessHeader = 'lgspaccesstoken'

/** How a body's options say what we show there. */
export const accessOptions = {
  /** What the header `lgspaccesstoken` says of us; its `SecretKey` is the secret `secret-key`. Without it there is no such header. */
  access: z
    .strictObject({
      AccessKey: word,
      AppName: z.string().max(200).exactOptional(),
      PartnerCode: z.string().max(200).exactOptional(),
      PartnerCodeCus: z.string().max(200).exactOptional(),
    })
    .exactOptional(),
  /** Whether that header is JSON as it is, or in base64. */
  accessAs: z.enum(['text', 'base64']).default('base64'),
}

/** The header as we send it; none where the options name no access. */
export function accessHeaders(
  { access, accessAs }: { readonly access?: object | undefined; readonly accessAs: 'text' | 'base64' },
  secret: string,
): Readonly<Record<string, string>> {
  if (access === undefined) return {}
  const json = JSON.stringify({ ...access, SecretKey: secret })
  return { [accessHeader]: accessAs === 'text' ? json : Buffer.from(json).toString('base64') }
}
