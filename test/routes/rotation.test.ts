import { expect } from 'chai'
import { v7 } from 'uuid'
import { auditEntry } from '../../schemas/audit.ts'
import { createParty, envelopeOf } from '../support/parties.ts'
import { withGateway, type LentGateway } from '../support/gateway.ts'
import { askToken, callJson, createHolder } from '../support/holders.ts'
import { samplePayload } from '../support/payloads.ts'

const province = createParty({ code: 'H49' })
const core = createParty({ code: 'G22' })
const admin = createHolder({ roles: ['admin'], person: 'Lê Thị Quản' })
const path = '/admin/v1/credentials'

interface Issued {
  readonly credential: { readonly id: string }
  readonly secret: string
}

async function send(lent: LentGateway, key: string): Promise<{ status: number; id: string }> {
  const bytes = await envelopeOf(province, 'status.updated', samplePayload('status.updated', 1))
  const answer = await lent.call(key, 'POST', '/v1/messages', { type: 'application/xml', bytes })
  return { status: answer.status, id: String(answer.json['id']) }
}

/** Sends one after the other until told to stop; changes to another bearer when it is given one. */
function startSender(lent: LentGateway, first: string) {
  const sent: { status: number; id: string }[] = []
  const now = { bearer: first, going: true }
  const over = (async () => {
    while (now.going) sent.push(await send(lent, now.bearer))
  })()
  return {
    sent,
    use: (next: string) => void (now.bearer = next),
    async reach(count: number) {
      while (sent.length < count) await new Promise((resolve) => setTimeout(resolve, 5))
    },
    async stop() {
      now.going = false
      await over
    },
  }
}

const give = async (lent: LentGateway, kind: string) =>
  (await callJson(lent, admin.secret, ['POST', path], { kind, roles: ['agency'], agency: 'H49' }))
    .json as unknown as Issued
const rotate = async (lent: LentGateway, id: string, overlapHours: number) =>
  (await callJson(lent, admin.secret, ['POST', `${path}/${id}/rotate`], { overlapHours }))
    .json as unknown as Issued

/** Every message was accepted, and each is there once. */
async function checkAll(lent: LentGateway, sent: readonly { status: number; id: string }[]): Promise<void> {
  expect(sent.filter(({ status }) => status !== 202)).to.deep.equal([])
  expect(new Set(sent.map(({ id }) => id)).size).to.equal(sent.length)
  for (const { id } of sent)
    expect((await lent.call(province.apiKey, 'GET', `/v1/messages/${id}`)).status).to.equal(200)
}

describe('rotation under load', () => {
  const options = { registry: { aliases: { 'portal-core': ['G22'] } }, credentials: [admin.row] }

  it('of a key loses no message: senders change over one by one, then the old key is over', () =>
    withGateway([province, core], options, async (lent) => {
      const { credential, secret: old } = await give(lent, 'key')
      const senders = Array.from({ length: 3 }, () => startSender(lent, old))
      await Promise.all(senders.map((sender) => sender.reach(3)))
      const { secret: next } = await rotate(lent, credential.id, 2)
      for (const sender of senders) {
        const before = sender.sent.length
        await sender.reach(before + 3) // with the old one still
        sender.use(next)
        await sender.reach(before + 6)
      }
      await Promise.all(senders.map((sender) => sender.stop()))
      await checkAll(
        lent,
        senders.flatMap(({ sent }) => sent),
      )
      expect((await send(lent, old)).status).to.equal(202)
      lent.clock.pass(2 * 3_600_000)
      expect([(await send(lent, old)).status, (await send(lent, next)).status]).to.deep.equal([401, 202])
    }))

  it('of a client secret loses no message: tokens of both secrets work side by side', () =>
    withGateway([province, core], options, async (lent) => {
      const { credential, secret: old } = await give(lent, 'oauth')
      const tokenOf = async (client_secret: string) => {
        const form = { grant_type: 'client_credentials', client_id: credential.id, client_secret }
        return ((await (await askToken(lent, form)).json()) as { access_token: string }).access_token
      }
      const senders = await Promise.all([1, 2].map(async () => startSender(lent, await tokenOf(old))))
      await Promise.all(senders.map((sender) => sender.reach(3)))
      const { secret: next } = await rotate(lent, credential.id, 2)
      for (const sender of senders) {
        await sender.reach(sender.sent.length + 2)
        sender.use(await tokenOf(old))
        await sender.reach(sender.sent.length + 2)
        sender.use(await tokenOf(next))
        await sender.reach(sender.sent.length + 2)
      }
      await Promise.all(senders.map((sender) => sender.stop()))
      await checkAll(
        lent,
        senders.flatMap(({ sent }) => sent),
      )
    }))
})

describe('revocation over two processes', () => {
  it('acts in the one that has not revoked, which has just believed the credential', () =>
    withGateway([province, core], { credentials: [admin.row] }, async (lent) => {
      const { credential, secret } = await give(lent, 'key')
      const me = () => lent.call(secret, 'GET', '/v1/me')
      expect((await me()).status).to.equal(200)
      await lent.store.changeCredential(credential.id, lent.clock.now(), (found) => ({
        patch: { revokedAt: lent.clock.now() },
        entry: auditEntry(
          { credentialId: found.id, person: null, agency: null, roles: [], method: 'key' },
          { act: 'credential.revoke', object: found.id },
          { id: v7(), at: 1 },
        ),
      })) // as another process does: nothing of this one is told
      lent.clock.pass(999)
      expect((await me()).status).to.equal(401)
    }))
})
