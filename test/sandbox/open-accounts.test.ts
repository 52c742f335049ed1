import { expect } from 'chai'
import { paymentPlatformClient } from '../../sandbox/clients/payment-platform.ts'
import { openAccounts } from '../../sandbox/open-accounts.ts'
import type { Sandbox } from '../../sandbox/rows.ts'
import { withSink } from '../support/sink.ts'

const sandboxAt = (gatewayUrl: string): Sandbox => ({
  ...{ dir: '', gatewayUrl, parties: [], env: {} },
  paths: { credentials: '', certificates: '', registry: '', database: '', log: '' },
  clients: [{ row: paymentPlatformClient, url: '', apiKey: 'k', secret: 'bi-mat' }],
  people: [{ code: 'QT', name: 'Quản trị', role: 'admin', url: '', apiKey: 'khoa-quan-tri' }],
  operator: { code: 'VH', name: 'Vận hành', role: 'operator', url: '', apiKey: '' },
})

describe('the accounts of partners’ software', () => {
  it('are opened with one secret, one for each right that the dialect tells apart', () =>
    withSink(async (sink) => {
      const { origin } = new URL(sink.url)
      await openAccounts(sandboxAt(origin))
      const secrets = '/admin/v1/agencies/NHTM02/secrets/'
      expect(sink.requests.map(({ path }) => decodeURIComponent(path))).to.deep.equal([
        `${secrets}account:payment-platform:NHTM02`,
        `${secrets}account:payment-platform:CONFIRM:NHTM02`,
      ])
      for (const { body, headers } of sink.requests) {
        expect(headers.authorization).to.equal('Bearer khoa-quan-tri')
        expect(JSON.parse(String(body))).to.include({ value: 'bi-mat' })
      }
    }))
})
