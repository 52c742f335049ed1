import { adapterEnvelope } from './adapter-envelope/index.ts'
import { axisXml } from './axis-xml/index.ts'
import type { Dialect } from './dialect.ts'
import { edocSoap } from './edoc-soap/index.ts'
import { email } from './email/index.ts'
import { facade } from './facade/index.ts'
import { keypay } from './keypay/index.ts'
import { lgsp } from './lgsp/index.ts'
import { mailbox } from './mailbox/index.ts'
import { nativeJson } from './native-json/index.ts'
import { paygov } from './paygov/index.ts'
import { paymentPlatform } from './payment-platform/index.ts'
import { restPush } from './rest-push/index.ts'
import { sms } from './sms/index.ts'
import { soapPush } from './soap-push/index.ts'
import { tokenRest } from './token-rest/index.ts'
import { vxp } from './vxp/index.ts'
import { vnpost } from './vnpost/index.ts'
import { xroadRest } from './xroad-rest/index.ts'

const all: readonly Dialect[] = [
  adapterEnvelope,
  axisXml,
  edocSoap,
  email,
  facade,
  keypay,
  lgsp,
  mailbox,
  nativeJson,
  paygov,
  paymentPlatform,
  restPush,
  sms,
  soapPush,
  tokenRest,
  vxp,
  vnpost,
  xroadRest,
]

/** Every dialect, by name. A new dialect is one folder and one line here. */
export const dialects: ReadonlyMap<string, Dialect> = new Map(all.map((dialect) => [dialect.name, dialect]))
