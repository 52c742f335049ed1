import { expect } from 'chai'
import { readdirSync, readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { load, mergeTag, CORE_SCHEMA } from 'js-yaml'
import { z } from 'zod'
import { readEnv } from '../../config/env.ts'
import { withProcess, withTempDir } from '../support/processes.ts'

const Source = z.union([z.string(), z.object({ source: z.string(), target: z.string() })])

const Service = z.object({
  image: z.string(),
  command: z.array(z.string()).default([]),
  user: z.string(),
  restart: z.string(),
  stop_grace_period: z.string(),
  cap_drop: z.array(z.string()),
  ports: z.array(z.string()).default([]),
  networks: z.array(z.string()),
  environment: z.record(z.string(), z.union([z.string(), z.number()])).default({}),
  secrets: z.array(Source).default([]),
  volumes: z.array(z.string()).default([]),
  depends_on: z
    .union([z.array(z.string()), z.record(z.string(), z.object({ condition: z.string() }))])
    .default([]),
  healthcheck: z.record(z.string(), z.unknown()).optional(),
  deploy: z.object({ resources: z.object({ limits: z.object({ cpus: z.string(), memory: z.string() }) }) }),
})

const Compose = z.object({
  services: z.record(z.string(), Service),
  networks: z.record(z.string(), z.object({ internal: z.boolean() }).nullable()),
  volumes: z.record(z.string(), z.null()),
  secrets: z.record(z.string(), z.object({ file: z.string() })),
})

/** `${NAME:-default}` as compose reads it where NAME is not set. */
const withDefaults = (text: string): string => text.replace(/\$\{\w+:-([^}]*)\}/g, '$1')

const { services, networks, volumes, secrets } = Compose.parse(
  load(withDefaults(readFileSync('compose.yaml', 'utf8')), { schema: CORE_SCHEMA.withTags(mergeTag) }),
)
const gateways = Object.entries(services).filter(([, { image }]) => image.startsWith('lien-thong'))
const secretOf = (source: z.infer<typeof Source>) => (typeof source === 'string' ? source : source.source)

describe('compose.yaml', () => {
  it('has two api, two worker, one migration, a balancer, a database and a broker', () => {
    expect(Object.keys(services)).to.have.members([
      ...['migrate', 'api-1', 'api-2', 'worker-1', 'worker-2', 'balancer', 'mariadb', 'rabbitmq'],
    ])
    const roles = gateways.map(([, { command }]) => command.join(' '))
    const [api, worker] = ['--role=api', '--role=worker']
    expect(roles).to.have.members(['--role=migrate', api, api, worker, worker])
  })

  it('names only what it defines', () => {
    for (const service of Object.values(services)) {
      expect(Object.keys(networks)).to.include.members(service.networks)
      expect(Object.keys(secrets)).to.include.members(service.secrets.map(secretOf))
      const needed = Array.isArray(service.depends_on) ? service.depends_on : Object.keys(service.depends_on)
      expect(Object.keys(services)).to.include.members(needed)
      const named = service.volumes.map((volume) => volume.split(':')[0] ?? '')
      expect(Object.keys(volumes)).to.include.members(named.filter((name) => !name.startsWith('.')))
      for (const path of named.filter((name) => name.startsWith('.')))
        expect(readFileSync(path)).not.to.be.empty
    }
  })

  it('runs nobody as root, with rights it does not need, or without an end', () => {
    for (const [name, { user, cap_drop: dropped, restart, stop_grace_period: grace }] of Object.entries(
      services,
    )) {
      expect(user, name).not.to.match(/^(root|0)/)
      expect(dropped, name).to.deep.equal(['ALL'])
      expect(restart, name).to.match(name === 'migrate' ? /^on-failure/ : /^unless-stopped$/)
      expect(Number.parseInt(grace, 10), name).to.be.at.least(20)
    }
  })

  it('opens the balancer alone, and lets only workers call out', () => {
    const open = Object.entries(services).filter(([, { ports }]) => ports.length > 0)
    expect(open.map(([name]) => name)).to.deep.equal(['balancer'])
    const outside = Object.keys(networks).filter((name) => networks[name]?.internal !== true)
    const reaching = Object.entries(services).filter(([, service]) =>
      service.networks.some((name) => outside.includes(name)),
    )
    expect(reaching.map(([name]) => name)).to.have.members(['worker-1', 'worker-2', 'balancer'])
  })

  it('migrates before anything else starts, and imports the registry there alone', () => {
    for (const [name, { depends_on: needs, environment }] of gateways) {
      const first = Array.isArray(needs) ? undefined : needs['migrate']?.condition
      expect(first, name).to.equal(name === 'migrate' ? undefined : 'service_completed_successfully')
      expect('REGISTRY_FILE' in environment, name).to.equal(name === 'migrate')
    }
  })

  it('gives the gateways an environment that they take, with the secrets that deploy/make-secrets draws', () =>
    withTempDir(async (dir) => {
      const missing = await withProcess('deploy/make-secrets', [dir], {}, async ({ exit, stderr }) => {
        expect((await exit).code).to.equal(0)
        return stderr.map((line) => line.replace(/^still missing: .*\//, ''))
      })
      const brought = [
        'signing.p12',
        'signing_passphrase',
        'encryption.p12',
        'encryption_passphrase',
        'registry.json',
      ]
      expect(missing).to.have.members(brought)
      for (const name of brought) await writeFile(join(dir, name), 'brought')
      expect(readdirSync(dir)).to.include.members(Object.keys(secrets))
      for (const [name, service] of gateways) {
        const mounted = service.secrets.map(secretOf)
        const environment = Object.fromEntries(
          Object.entries(service.environment).map(([key, value]) => [
            key,
            String(value).replace(/^\/run\/secrets\//, () => `${dir}/`),
          ]),
        )
        const read = Object.values(environment).filter((value) => value.startsWith(dir))
        expect(mounted, name).to.have.members(read.map((path) => path.slice(dir.length + 1)))
        const env = readEnv(environment)
        expect(env.DATABASE_URL, name).to.match(/^mysql:\/\/gateway:[0-9a-f]{48}@mariadb:3306\/gateway$/)
        expect(env.AMQP_URL, name).to.match(/^amqp:\/\/gateway:[0-9a-f]{48}@rabbitmq:5672$/)
        expect(env.SANDBOX, name).to.equal('0')
        expect(Buffer.from(env.MASTER_KEYS.split(':')[1] ?? '', 'base64')).to.have.lengthOf(32)
      }
      const login = readFileSync(join(dir, 'rabbitmq_login.conf'), 'utf8')
      expect(login).to.equal(
        `default_user = gateway\ndefault_pass = ${readFileSync(join(dir, 'rabbitmq_password'), 'utf8')}`,
      )
    }))

  it('puts both doors behind the balancer, and asks them whether they are ready', () => {
    const config = readFileSync('deploy/haproxy.cfg', 'utf8')
    const servers = [...config.matchAll(/^ +server (\S+) (\S+):(\d+)/gm)].map(([, name, host, port]) => [
      name,
      host,
      port,
    ])
    const doors = gateways.filter(([, { command }]) => command.includes('--role=api'))
    expect(servers).to.deep.equal(
      doors.map(([name, { environment }]) => [name, name, String(environment['PORT'])]),
    )
    expect(config).to.match(/^ +http-check send meth GET uri \/health\/ready$/m)
  })
})
