import { expect } from 'chai'
import { Agent } from 'undici'
import { createOpenRemote } from '../../../adapters/transport/remote-file.ts'
import { withOwner } from '../../support/owner.ts'

const times = { answerMs: 200, pieceMs: 200, wholeMs: 60_000 }

/** Lends a way that waits for a fifth of a second. */
async function withWay(use: (dispatcher: Agent) => Promise<void>): Promise<void> {
  const dispatcher = new Agent()
  try {
    await use(dispatcher)
  } finally {
    await dispatcher.destroy()
  }
}

const call = (host: string, signal = new AbortController().signal) => ({
  ...{ url: `http://${host}/tep`, headers: {}, signal },
})

describe('a file on another body’s server', () => {
  it('is given up where the server does not answer', () =>
    withOwner(
      () => undefined,
      ({ host }) =>
        withWay(async (dispatcher) => {
          const opened = await createOpenRemote(dispatcher, times)(call(host))
          expect(opened).to.include({ failure: 'ambiguous', code: 'und_err_headers_timeout' })
        }),
    ))

  it('fails where the server falls silent between two pieces', () =>
    withOwner(
      (_req, res) => void res.writeHead(200).write('đoạn đầu'),
      ({ host }) =>
        withWay(async (dispatcher) => {
          const opened = await createOpenRemote(dispatcher, times)(call(host))
          if ('failure' in opened) throw new Error(opened.reason)
          const read = await opened.body
            .toArray()
            .catch((error: unknown) => Object(error) as { code: string })
          expect(read).to.have.property('code', 'UND_ERR_BODY_TIMEOUT')
        }),
    ))

  it('ends with its reader, and as a whole when its time is over', () =>
    withOwner(
      (_req, res) => void res.writeHead(200).write('đoạn đầu'),
      ({ host }) =>
        withWay(async (dispatcher) => {
          const reader = new AbortController()
          const opened = await createOpenRemote(dispatcher)(call(host, reader.signal))
          if ('failure' in opened) throw new Error(opened.reason)
          reader.abort()
          expect(await opened.body.toArray().catch(() => 'ended')).to.equal('ended')
          const brief = await createOpenRemote(dispatcher, { ...times, wholeMs: 1, answerMs: 60_000 })(
            call(host),
          )
          const rest = 'failure' in brief ? 'ended' : await brief.body.toArray().catch(() => 'ended')
          expect(rest).to.equal('ended')
        }),
    ))
})
