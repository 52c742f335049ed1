import { createHttpTransport, type HttpTransport } from './http.ts'
import { createSmtpTransport, isMail } from './smtp.ts'
import { usual, type Connecting } from './connect.ts'

/** The ways out, by the scheme of an address: HTTP, or mail. */
export function createTransport(given: Pick<Connecting, 'authorities'>): HttpTransport {
  const http = createHttpTransport(given)
  const smtp = createSmtpTransport({ ...usual, ...given })
  return {
    to(networks) {
      const byHttp = http.to(networks)
      return { post: (call) => (isMail(call.url) ? smtp.to(networks) : byHttp).post(call) }
    },
    reading: (networks) => http.reading(networks),
    close: () => http.close(),
  }
}
