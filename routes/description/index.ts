import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import express, { type RequestHandler, type Router } from 'express'
import { describeDoors, type DescriptionDeps } from './document.ts'
import { docsPage, docsPolicy, docsScript } from './page.ts'

/** The files of the renderer that are served, and no others of its package. */
const assets = ['swagger-ui-bundle.js', 'swagger-ui.css', 'favicon-32x32.png'] as const

/** What never changes while a process runs may be kept for an hour. */
const kept = { 'cache-control': 'public, max-age=3600' }

/** `/openapi.json`, and `/docs` that renders it with nothing from outside. Open to all: it says no more than the code does. */
export function createDescription(deps: DescriptionDeps): Router {
  const router = express.Router({ caseSensitive: true, strict: true })
  const text = once(() => JSON.stringify(describeDoors(deps)))
  router.get('/openapi.json', (_req, res) => {
    res.set(kept).type('json').send(text())
  })
  router.get('/docs', (_req, res) => {
    res
      .set({ ...kept, ...docsPolicy })
      .type('html')
      .send(docsPage)
  })
  router.get('/docs/start.js', (_req, res) => {
    res.set(kept).type('js').send(docsScript)
  })
  const folder = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'))
  for (const name of assets) router.get(`/docs/${name}`, fileOf(join(folder, name)))
  return router
}

/** The paths that it answers. */
export const descriptionPaths: readonly string[] = [
  '/openapi.json',
  '/docs',
  '/docs/start.js',
  ...assets.map((name) => `/docs/${name}`),
]

function fileOf(path: string): RequestHandler {
  return (_req, res) => {
    res.set(kept).sendFile(path, { dotfiles: 'allow', cacheControl: false }) // the folder of an installation may begin with a dot
  }
}

/** Made when it is first asked for: half a second that no start has to wait for. */
function once(make: () => string): () => string {
  let made: string | undefined
  return () => (made ??= make())
}
