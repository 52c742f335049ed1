import { expect } from 'chai'
import { withGateway } from '../../support/gateway.ts'

describe('/docs', () => {
  it('is made of what this gateway serves, and of nothing else', () =>
    withGateway([], {}, async ({ call }) => {
      const page = await call(null, 'GET', '/docs')
      expect(page.status).to.equal(200)
      expect(page.text).to.match(/^<!doctype html>\n<html lang="vi">/)
      const script = await call(null, 'GET', '/docs/start.js')
      expect(page.text + script.text).not.to.match(/https?:|"\/\/|'\/\//)
      const parts = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path = '']) => path)
      expect(parts).to.have.length.above(3)
      for (const path of [...parts, '/openapi.json']) {
        const part = await call(null, 'GET', path)
        expect([part.status, part.text.length > 100], path).to.deep.equal([200, true])
        expect(part.headers.get('x-content-type-options'), path).to.equal('nosniff')
        expect(part.headers.get('cache-control'), path).to.match(/^public/)
      }
    }))

  it('forbids the browser every address but its own, and every frame', () =>
    withGateway([], {}, async ({ call }) => {
      const { headers } = await call(null, 'GET', '/docs')
      const policy = headers.get('content-security-policy') ?? ''
      const sources = policy.split('; ').flatMap((rule) => rule.split(' ').slice(1))
      expect(policy)
        .to.match(/^default-src 'none'/)
        .and.to.include("frame-ancestors 'none'")
      expect(policy).to.include("script-src 'self';")
      expect([...new Set(sources)].sort()).to.deep.equal(["'none'", "'self'", "'unsafe-inline'", 'data:'])
    }))
})
