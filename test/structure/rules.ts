/** What a folder may import, as path prefixes: at run time, and as types only. */
interface FolderRow {
  readonly imports: readonly string[]
  readonly typesOf: readonly string[]
  /** Whether it may read the environment of the process. */
  readonly environment: boolean
  /** Whether it may reach files, the network and other processes. */
  readonly outside: boolean
  /** Product code has budgets, and exports nothing in vain. */
  readonly product: boolean
}

const pure = { typesOf: [], environment: false, outside: false, product: true } as const
const product = { typesOf: [], environment: false, outside: true, product: true } as const
const around = { typesOf: [], environment: true, outside: true, product: false } as const

const server = ['adapters/', 'routes/', 'signing/', 'schemas/', 'workers/', 'config/']

/** One row per source folder. Nobody but `test/` imports `config/` or `test/`. */
export const folders = {
  schemas: { ...pure, imports: ['schemas/'] },
  signing: { ...pure, imports: ['signing/', 'schemas/'] },
  workers: { ...pure, imports: ['workers/', 'schemas/', 'signing/'], typesOf: ['adapters/'] },
  adapters: { ...product, imports: ['adapters/', 'schemas/', 'signing/'] },
  routes: { ...product, imports: ['routes/', 'schemas/', 'workers/', 'adapters/agencies/'] },
  config: { ...product, imports: [...server, 'client/'], environment: true },
  client: { ...around, imports: ['client/', 'schemas/', 'signing/'], environment: false },
  sandbox: { ...around, imports: ['sandbox/', 'client/', 'schemas/', 'signing/'] },
  bench: { ...around, imports: ['bench/', 'sandbox/', 'client/', 'signing/', 'schemas/'] },
  test: { ...around, imports: [''] },
} as const satisfies Record<string, FolderRow>

/** Where a library may be imported, as path prefixes (the bench measures libraries and peers beside our own code); tests may import any. A library that is not here has no home. */
export const homes: Readonly<Record<string, readonly string[]>> = {
  'libxml2-wasm': ['signing/'],
  'file-type': ['adapters/blobs/'],
  aws4fetch: ['adapters/blobs/'],
  'node-forge': ['signing/'],
  xml2js: ['adapters/agencies/'],
  soap: ['adapters/agencies/'],
  saxes: ['adapters/agencies/'],
  busboy: ['adapters/agencies/'],
  knex: ['adapters/store/'],
  mysql2: ['adapters/store/', 'bench/'],
  '@photostructure/sqlite': ['adapters/store/'],
  amqplib: ['adapters/broker/', 'bench/'],
  undici: ['adapters/', 'client/', 'bench/'],
  nodemailer: ['adapters/transport/'],
  express: ['routes/', 'bench/'],
  'swagger-ui-dist': ['routes/description/'],
  commander: ['config/'],
  winston: ['config/'],
  'prom-client': ['config/'],
  'xml-crypto': ['bench/'],
  uuid: [''],
  zod: [''],
}

/** Built-in modules by which code touches the outside world. */
export const outsideModules: readonly string[] = [
  'node:child_process',
  'node:cluster',
  'node:dgram',
  'node:dns',
  'node:fs',
  'node:fs/promises',
  'node:http',
  'node:http2',
  'node:https',
  'node:net',
  'node:tls',
  'node:worker_threads',
]

/** `functionLines` leaves out the closures inside a function, which are measured themselves; `factoryLines` counts them. */
export const budget = { fileLines: 200, functionLines: 40, factoryLines: 80 } as const

/** Data by nature: not under the budget. */
export const unmeasured: readonly string[] = ['adapters/store/migrations/']

/** The one file whose form another tool dictates: mocha takes a reporter only as the default export. */
export const defaultExportAllowed: readonly string[] = ['test/support/reporter.ts']

/** `shared`: folders of what several dialects share, which are no dialects. */
export const dialects = {
  folder: 'adapters/agencies/',
  registry: 'adapters/agencies/index.ts',
  shared: ['dossiers', 'edxml', 'notices', 'payments'],
} as const satisfies {
  readonly folder: string
  readonly registry: string
  readonly shared: readonly string[]
}

export type FolderName = keyof typeof folders

/** The row of the folder that holds a file; undefined outside the source folders. */
export function rowOf(path: string): FolderRow | undefined {
  const name = path.split('/', 1)[0] ?? ''
  return Object.hasOwn(folders, name) ? folders[name as FolderName] : undefined
}

export function within(path: string, prefixes: readonly string[]): boolean {
  return prefixes.some((prefix) => path.startsWith(prefix))
}
