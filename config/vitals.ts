import type { RequestListener } from 'node:http'
import type { AppDeps } from '../routes/app.ts'

interface Page {
  readonly status: number
  readonly type: string
  readonly text: string
}

const json = (status: number, value: unknown): Page => ({
  status,
  type: 'application/json',
  text: JSON.stringify(value),
})

/** The door of a process that opens no other: alive, ready and figures, as the doors of an `api` answer them. */
export function createVitals({ health, metrics }: Pick<AppDeps, 'health' | 'metrics'>): RequestListener {
  const live = () => Promise.resolve(json(200, { live: true }))
  const ready = async () => {
    const answer = await health()
    return json(answer.ready ? 200 : 503, answer)
  }
  const figures = async () => {
    const { contentType, text } = await metrics()
    return { status: 200, type: contentType, text }
  }
  const pages = new Map<string, () => Promise<Page>>([
    ['/health/live', live],
    ['/health/ready', ready],
    ['/metrics', figures],
  ])
  const nothing = () => Promise.resolve(json(404, {}))

  return (req, res) => {
    const page = pages.get(req.url ?? '') ?? nothing
    void page()
      .catch(() => json(503, {})) // the figures ask the store, which may be away
      .then(({ status, type, text }) => res.writeHead(status, { 'content-type': type }).end(text))
  }
}
