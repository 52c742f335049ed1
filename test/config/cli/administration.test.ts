import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { createProgram } from '../../../config/cli/program.ts'
import { answerOf, GatewayError } from '../../../schemas/errors.ts'
import { withServer, type Asked, type Told } from '../../client/stand-in.ts'
import { withTempDir } from '../../support/processes.ts'

interface Case {
  readonly args: readonly string[]
  readonly answer: unknown
  readonly asks: string
  readonly body?: unknown
  readonly shows: RegExp
}

const reason = ['--reason', 'bảo trì'] as const
const cases: readonly Case[] = [
  {
    args: ['agency', 'list', '--status', 'live', '--max', '2'],
    answer: {
      items: [{ agency: { code: 'H49', name: 'Tỉnh thử', status: 'live', dialect: 'mailbox' } }],
      next: 'H49',
    },
    asks: 'GET /admin/v1/agencies?status=live&max=2',
    shows: /H49 +Tỉnh thử +live[^]*--after H49/,
  },
  {
    args: ['agency', 'test', 'H49'],
    answer: { ok: true, durationMs: 12 },
    asks: 'POST /admin/v1/agencies/H49/test',
    body: {},
    shows: /H49[^]*durationMs/,
  },
  ...['pause', 'resume', 'drain'].map((verb) => ({
    args: [verb, 'H49', ...reason],
    answer: { paused: verb === 'pause', pausedAt: 0, drainingAt: null, inFlight: 0, waiting: { due: 3 } },
    asks: `POST /admin/v1/agencies/H49/${verb}`,
    body: { reason: 'bảo trì' },
    shows: verb === 'pause' ? /có · yes, 1970/ : /paused +không · no/,
  })),
  {
    args: ['replay', 'd-1', ...reason],
    answer: { state: 'due' },
    asks: 'POST /admin/v1/deliveries/d-1/replay',
    body: { reason: 'bảo trì' },
    shows: /state +due/,
  },
  {
    args: ['replay', '--state', 'dead', '--recipient', 'G22', '--limit', '5', '--dry-run', ...reason],
    answer: { matched: 4 },
    asks: 'POST /admin/v1/deliveries/replay',
    body: { reason: 'bảo trì', state: 'dead', recipient: 'G22', limit: 5, dryRun: true },
    shows: /matched +4/,
  },
  {
    args: ['audit', '--body', 'H49', '--max', '1'],
    answer: {
      items: [{ at: 0, person: 'Lê Thị Thử', act: 'agency.update', object: 'H49', reason: null }],
      next: null,
    },
    asks: 'GET /admin/v1/audit?body=H49&max=1',
    shows: /1970-01-01T00:00:00Z +Lê Thị Thử +agency\.update/,
  },
  {
    args: ['credential', 'list', '--agency', 'H49'],
    answer: {
      items: [
        {
          id: 'c1',
          person: null,
          label: 'máy chủ',
          agency: 'H49',
          roles: ['agency'],
          state: 'active',
          validTo: 0,
        },
      ],
      next: null,
    },
    asks: 'GET /admin/v1/credentials?agency=H49&limit=50',
    shows: /c1 +máy chủ +H49/,
  },
  {
    args: ['credential', 'create', '--role', 'agency', '--agency', 'H49', '--days', '30'],
    answer: { credential: { id: 'c1', roles: ['agency'], validTo: 0 }, secret: 'lt_bi-mat' },
    asks: 'POST /admin/v1/credentials',
    body: { kind: 'key', agency: 'H49', roles: ['agency'], days: 30 },
    shows: /shown once +lt_bi-mat/,
  },
  {
    args: ['credential', 'revoke', 'c/1', ...reason],
    answer: { id: 'c/1', state: 'revoked' },
    asks: `DELETE /admin/v1/credentials/c%2F1?reason=${new URLSearchParams({ r: 'bảo trì' }).toString().slice(2)}`,
    shows: /revoked: c\/1/,
  },
]

/** Runs a command line in this process, against a server that answers as it is told. */
async function perform(args: readonly string[], told: Told) {
  const texts = { out: '', err: '' }
  let code: number | undefined
  let request: Asked | undefined
  await withServer(
    () => told,
    async (url, asked) => {
      const program = createProgram({
        out: (text) => void (texts.out += text),
        err: (text) => void (texts.err += text),
        readStdin: () => Promise.resolve(Buffer.alloc(0)),
        env: { LIENTHONG_URL: url, LIENTHONG_KEY: 'khoa-quan-tri' },
        colour: false,
        terminal: false,
        now: Date.now,
        exit: (given) => void (code = given),
        signal: new AbortController().signal,
      })
      await program.parseAsync(['node', 'lienthong', ...args])
      request = asked[0]
    },
  )
  return { ...texts, code, request }
}

describe('lienthong: administration', () => {
  for (const { args, answer, asks, body, shows } of cases) {
    it(`asks for ${asks.split('?')[0] ?? ''} by ${args.slice(0, 2).join(' ')}`, async () => {
      const { out, err, code, request } = await perform(args, { status: 200, json: answer })
      expect({ code, err }).to.deep.equal({ code: 0, err: '' })
      expect(`${request?.method ?? ''} ${request?.path ?? ''}`).to.equal(asks)
      expect(request?.authorization).to.equal('Bearer khoa-quan-tri')
      if (body !== undefined) expect(JSON.parse(String(request?.body))).to.deep.equal(body)
      expect(out).to.match(shows)
      expect(Math.max(...out.split('\n').map(({ length }) => length))).to.be.at.most(100)
      const json = await perform([...args, '--json'], { status: 200, json: answer })
      expect(JSON.parse(json.out)).to.deep.equal(answer)
    })
  }

  it('imports a registry file, and may only show what it would change', async () => {
    await withTempDir(async (folder) => {
      const file = join(folder, 'registry.json')
      await writeFile(file, '{"registry":{"agencies":[]}}')
      const { request, out } = await perform(['agency', 'import', file, '--dry-run'], {
        status: 200,
        json: { added: 2 },
      })
      expect(request?.path).to.equal('/admin/v1/agencies/import?dryRun=true')
      expect(String(request?.body)).to.equal('{"registry":{"agencies":[]}}')
      expect(out).to.match(/Chưa đổi gì[^]*added +2/)
    })
  })

  it('writes a secret into a file of its own, and then shows it nowhere', async () => {
    await withTempDir(async (folder) => {
      const file = join(folder, 'secret')
      const answer = { credential: { id: 'c1', roles: ['agency'], validTo: 0 }, secret: 'lt_bi-mat' }
      const args = ['credential', 'rotate', 'c1', '--secret-file', file]
      const { out, request } = await perform(args, { status: 200, json: answer })
      expect(request?.path).to.equal('/admin/v1/credentials/c1/rotate')
      expect(out).not.to.contain('lt_bi-mat')
      expect(await readFile(file, 'utf8')).to.equal('lt_bi-mat\n')
    })
  })

  it('tells a refusal with everything that helps, and leaves standard output empty', async () => {
    const answer = answerOf(new GatewayError('forbidden', { reason: 'asks for the role admin' }))
    const { out, err, code } = await perform(['pause', 'H49', ...reason], { status: 403, json: answer })
    expect({ out, code }).to.deep.equal({ out: '', code: 3 })
    for (const part of [
      answer.message.vi,
      answer.message.en,
      'forbidden',
      'asks for the role',
      answer.detailId,
    ])
      expect(err).to.contain(part)
  })
})
