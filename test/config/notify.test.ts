import { expect } from 'chai'
import { createHttpTransport } from '../../adapters/transport/http.ts'
import { readEnv } from '../../config/env.ts'
import { createNotifiers } from '../../config/notify.ts'

const needed = {
  MASTER_KEYS: 'unused',
  SIGNING_PKCS12_FILE: 'unused',
  SIGNING_PASSPHRASE: 'unused',
  ENCRYPTION_PKCS12_FILE: 'unused',
  ENCRYPTION_PASSPHRASE: 'unused',
}

describe('the ways to reach people', () => {
  it('refuse a start where alerts could not be signed', async () => {
    const transport = createHttpTransport()
    const create = (given: Record<string, string>) => () =>
      createNotifiers(readEnv({ ...needed, ...given }), transport, () => undefined)
    const url = 'https://canh-bao.example.vn/'
    const secret = `whsec_${Buffer.alloc(32, 1).toString('base64')}`
    expect(create({ ALERT_URL: url })).to.throw('ALERT_SECRET')
    expect(create({ ALERT_URL: url, ALERT_SECRET: 'secret' })).to.throw('ALERT_SECRET')
    await create({ ALERT_URL: url, ALERT_SECRET: secret })().close()
    expect(create({ SMTP_URL: 'smtps://thu.example.vn' })).to.throw('ALERT_FROM')
    await create({ SMTP_URL: 'smtps://thu.example.vn', ALERT_FROM: 'truc@example.vn' })().close()
    await create({})().close()
    await transport.close()
  })
})
