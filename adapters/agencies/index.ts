import { adapterEnvelope } from './adapter-envelope/index.ts'
import { axisXml } from './axis-xml/index.ts'
import type { Dialect } from './dialect.ts'
import { facade } from './facade/index.ts'
import { mailbox } from './mailbox/index.ts'
import { nativeJson } from './native-json/index.ts'
import { restPush } from './rest-push/index.ts'
import { soapPush } from './soap-push/index.ts'

/** Every dialect, by name. A new dialect is one folder and one line here. */
export const dialects: ReadonlyMap<string, Dialect> = new Map(
  [adapterEnvelope, axisXml, facade, mailbox, nativeJson, restPush, soapPush].map((dialect) => [
    dialect.name,
    dialect,
  ]),
)
