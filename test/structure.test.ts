import { expect } from 'chai'
import {
  deadExports,
  dialectsTangled,
  rings,
  strayImports,
  straysFromHome,
  touchesOutside,
  unregisteredDialects,
} from './structure/imports.ts'
import { unwantedText } from './structure/hygiene.ts'
import { parseModule } from './structure/module.ts'
import { rowOf } from './structure/rules.ts'
import { anyTypes, defaultExports, environmentReads, overBudget } from './structure/syntax.ts'
import { projectFiles, readTexts } from './structure/tree.ts'
import type { Module } from './structure/module.ts'

interface Example {
  readonly files: Readonly<Record<string, string>>
  /** What the rule must say of them; nothing when they are good. */
  readonly complaints: readonly string[]
}

interface Rule {
  readonly title: string
  readonly check: (modules: readonly Module[]) => readonly string[]
  readonly examples: readonly Example[]
}

const lines = (count: number, line: string) => `${line}\n`.repeat(count)

const rules: readonly Rule[] = [
  {
    title: 'a folder imports only what the table of folders allows',
    check: strayImports,
    examples: [
      {
        files: { 'schemas/a.ts': "import { b } from '../signing/b.ts'" },
        complaints: ['schemas/a.ts: may not import signing/b.ts'],
      },
      {
        files: { 'routes/a.ts': "export { b } from '../adapters/store/b.ts'" },
        complaints: ['routes/a.ts: may not import adapters/store/b.ts'],
      },
      {
        files: { 'adapters/a.ts': "type B = import('../config/b.ts').B" },
        complaints: ['adapters/a.ts: may not import config/b.ts'],
      },
      {
        files: { 'sandbox/a.ts': "const b = await import('../workers/b.ts')" },
        complaints: ['sandbox/a.ts: may not import workers/b.ts'],
      },
      {
        files: { 'workers/a.ts': "import { type B } from '../adapters/broker/b.ts'" },
        complaints: ['workers/a.ts: may import adapters/broker/b.ts only by import type'],
      },
      { files: { 'workers/a.ts': "import type { B } from '../adapters/broker/b.ts'" }, complaints: [] },
      { files: { 'routes/a.ts': "import { b } from '../adapters/agencies/index.ts'" }, complaints: [] },
    ],
  },
  {
    title: 'a library has one home',
    check: straysFromHome,
    examples: [
      {
        files: { 'workers/a.ts': "import type { Knex } from 'knex'" },
        complaints: ['workers/a.ts: imports knex, whose home is adapters/store/'],
      },
      {
        files: { 'routes/a.ts': "import pad from '@some/pad/left'" },
        complaints: ['routes/a.ts: imports @some/pad, which has no home in test/structure/rules.ts'],
      },
      {
        files: {
          'adapters/store/a.ts': "import { createPool } from 'mysql2/promise'\nimport { z } from 'zod'",
          'test/a.test.ts': "import { expect } from 'chai'",
        },
        complaints: [],
      },
    ],
  },
  {
    title: 'schemas, signing and workers do not touch the outside world',
    check: touchesOutside,
    examples: [
      {
        files: { 'signing/a.ts': "import { readFileSync } from 'node:fs'" },
        complaints: ['signing/a.ts: imports node:fs in a pure folder'],
      },
      { files: { 'signing/a.ts': "import { sign } from 'node:crypto'" }, complaints: [] },
    ],
  },
  {
    title: 'a dialect does not import another',
    check: dialectsTangled,
    examples: [
      {
        files: { 'adapters/agencies/one/a.ts': "import { b } from '../two/b.ts'" },
        complaints: ['adapters/agencies/one/a.ts: dialect one imports dialect two'],
      },
      { files: { 'adapters/agencies/one/a.ts': "import { b } from '../dialect.ts'" }, complaints: [] },
      { files: { 'adapters/agencies/one/a.ts': "import { b } from '../dossiers/b.ts'" }, complaints: [] },
    ],
  },
  {
    title: 'every dialect folder is in the registry, and the other way round',
    check: unregisteredDialects,
    examples: [
      {
        files: {
          'adapters/agencies/index.ts': "import { two } from './two/index.ts'",
          'adapters/agencies/one/index.ts': 'export const one = 1',
        },
        complaints: [
          'adapters/agencies/index.ts: dialect one is not registered',
          'adapters/agencies/index.ts: dialect two has no folder',
        ],
      },
      {
        files: {
          'adapters/agencies/index.ts': "import { one } from './one/index.ts'",
          'adapters/agencies/one/index.ts': 'export const one = 1',
        },
        complaints: [],
      },
    ],
  },
  {
    title: 'no files import each other in a ring, types included',
    check: rings,
    examples: [
      {
        files: {
          'schemas/a.ts': "import type { B } from './b.ts'",
          'schemas/b.ts': "import { c } from './c.ts'",
          'schemas/c.ts': "import { a } from './a.ts'",
        },
        complaints: ['schemas/a.ts → schemas/b.ts → schemas/c.ts → schemas/a.ts'],
      },
      {
        files: { 'schemas/a.ts': "import { a } from './a.ts'" },
        complaints: ['schemas/a.ts → schemas/a.ts'],
      },
      {
        files: {
          'schemas/a.ts': "import './b.ts'\nimport './c.ts'",
          'schemas/b.ts': "import './c.ts'",
          'schemas/c.ts': 'export const c = 1',
        },
        complaints: [],
      },
    ],
  },
  {
    title: 'what is exported is imported by somebody',
    check: deadExports,
    examples: [
      {
        files: {
          'schemas/a.ts': 'export const used = 1\nexport const dead = 2\nexport type Dead = string',
          'workers/b.ts': "import { used as other } from '../schemas/a.ts'",
        },
        complaints: ['schemas/a.ts: nobody imports dead', 'schemas/a.ts: nobody imports Dead'],
      },
      {
        files: {
          'schemas/a.ts': 'export const { one, two: [three] } = x\nexport class Four {}',
          'workers/b.ts': "export { one } from '../schemas/a.ts'",
          'test/b.test.ts': "import * as b from '../workers/b.ts'",
        },
        complaints: ['schemas/a.ts: nobody imports three', 'schemas/a.ts: nobody imports Four'],
      },
      {
        files: {
          'schemas/a.ts': 'export interface Row { a: 1 }\nexport interface Table { rows: Row[] }',
          'sandbox/b.ts': "type T = import('../schemas/a.ts').Table",
        },
        complaints: [],
      },
    ],
  },
  {
    title: 'only the top reads the environment',
    check: environmentReads,
    examples: [
      {
        files: { 'adapters/a.ts': "const a = process.env['A']" },
        complaints: ['adapters/a.ts:1: reads the environment'],
      },
      {
        files: { 'client/a.ts': "\nconst { env } = process\nimport { env as e } from 'node:process'" },
        complaints: ['client/a.ts:2: reads the environment', 'client/a.ts:3: reads the environment'],
      },
      {
        files: { 'config/a.ts': "process.env['A']", 'adapters/a.ts': 'process.memoryUsage()' },
        complaints: [],
      },
    ],
  },
  {
    title: 'no type is any',
    check: anyTypes,
    examples: [
      { files: { 'client/a.ts': 'const a = (b: any[]) => b' }, complaints: ['client/a.ts:1: any'] },
      { files: { 'client/a.ts': "const any = 'any' // any" }, complaints: [] },
    ],
  },
  {
    title: 'exports have names',
    check: defaultExports,
    examples: [
      {
        files: { 'bench/a.ts': 'export default function a() {}' },
        complaints: ['bench/a.ts:1: default export'],
      },
      {
        files: { 'bench/a.ts': 'const a = 1\nexport default a' },
        complaints: ['bench/a.ts:2: default export'],
      },
      {
        files: { 'bench/a.ts': 'const a = 1\nexport { a as default }' },
        complaints: ['bench/a.ts:2: default export'],
      },
      { files: { 'bench/a.ts': 'switch (x) { default: y() }' }, complaints: [] },
    ],
  },
  {
    title: 'files and functions keep to the budget',
    check: overBudget,
    examples: [
      {
        files: { 'routes/a.ts': lines(201, 'x()') },
        complaints: ['routes/a.ts: 201 lines without its tables, more than 200'],
      },
      {
        files: { 'routes/a.ts': `function long() {\n${lines(39, 'x()')}}` },
        complaints: ['routes/a.ts: long has 41 lines, more than 40'],
      },
      {
        files: { 'routes/a.ts': `const table = {\nlong: () => {\n${lines(39, 'x()')}}\n}` },
        complaints: ['routes/a.ts: long has 41 lines, more than 40'],
      },
      {
        files: {
          'routes/a.ts': `function make() {\nfunction a() {\n${lines(38, 'x()')}}\nfunction b() {\n${lines(38, 'x()')}}\n}`,
        },
        complaints: ['routes/a.ts: make has 82 lines, more than 80'],
      },
      {
        files: {
          'routes/c.ts': `function make() {\nfunction a() {\n${lines(38, 'x()')}}\nfunction b() {\n${lines(36, 'x()')}}\n}`,
          'routes/a.ts': `/**\n${lines(50, 'x')}*/\nfunction a() {\nreturn {\n${lines(60, 'a: 1,')}}\n}`,
          'routes/b.ts': `const table = [\n${lines(300, '1,')}]\n${lines(199, 'x()')}`,
          'adapters/store/migrations/1.ts': `function up() {\n${lines(300, 'x()')}}`,
        },
        complaints: [],
      },
    ],
  },
]

describe('structure', () => {
  const paths = projectFiles()
  const sources = paths.filter((path) => path.endsWith('.ts') && rowOf(path) !== undefined)
  let modules: readonly Module[]
  before(() => {
    modules = readTexts(sources).map(parseModule)
  })

  it('finds the source files', () => {
    expect(modules.map(({ path }) => path)).to.include.members([
      'schemas/message.ts',
      'test/structure.test.ts',
    ])
  })

  it('knows no other code than TypeScript modules, but for what runs before anything is installed', () => {
    const code = paths.filter(
      (path) => rowOf(path) !== undefined && /\.[cm]?[jt]sx?$/.test(path) && !path.endsWith('.ts'),
    )
    expect(code).to.deep.equal(['config/bootstrap.mjs', 'config/lienthong.mjs'])
  })

  it('finds the file behind every relative import', () => {
    const known = new Set(modules.map(({ path }) => path))
    const targets = modules.flatMap(({ imports }) => imports.map(({ target }) => target))
    expect(targets.filter((target) => target !== null && !known.has(target))).to.deep.equal([])
  })

  for (const { title, check, examples } of rules) {
    describe(title, () => {
      it('in the tree', () => {
        expect(check(modules)).to.deep.equal([])
      })

      for (const { files, complaints } of examples) {
        it(`${complaints.length === 0 ? 'allows' : 'catches'} ${nameOf(files)}`, () => {
          const parsed = Object.entries(files).map(([path, text]) => parseModule({ path, text }))
          expect(check(parsed)).to.deep.equal(complaints)
        })
      }
    })
  }

  describe('no file names a machine, the workplace or a package registry', () => {
    it('in the tree', () => {
      expect(unwantedText(readTexts(paths))).to.deep.equal([])
    })

    // Put together here, so that this file itself stays clean.
    const bad = [
      ['', 'home', 'someone', 'project'].join('/'),
      `see ${['', 'work', 'main'].join('/')}`,
      ['C:', 'Users', 'someone'].join('\\'),
      `https://${['registry', 'npmjs', 'org'].join('.')}/zod`,
    ]
    for (const text of bad) {
      it(`catches ${text}`, () => {
        expect(unwantedText([{ path: 'a.md', text: `first line\n${text}` }])).to.have.lengthOf(1)
      })
    }

    it('allows paths inside the project and addresses', () => {
      const text =
        'routes/home/page.ts, https://a.example/home/page, dist/work/main.js, the registry of agencies'
      expect(unwantedText([{ path: 'a.md', text }])).to.deep.equal([])
    })
  })
})

function nameOf(files: Readonly<Record<string, string>>): string {
  return Object.values(files)
    .map((text) => text.split('\n').slice(0, 2).join(' ').slice(0, 60))
    .join(' | ')
}
