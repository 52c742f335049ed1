import { expect } from 'chai'
import fc from 'fast-check'
import type { Agency, Registry } from '../../../schemas/agency.ts'
import { GatewayError } from '../../../schemas/errors.ts'
import { patchRegistry } from '../../../schemas/registry-patch.ts'
import { dialects } from '../../../adapters/agencies/index.ts'
import { checkAgency } from '../../../workers/registry/agency-rules.ts'
import { mergeRegistry } from '../../../workers/registry/merge.ts'

const codes = ['A01', 'A02', 'A03', 'A04', 'A05'] as const
const code = fc.constantFrom(...codes)

const body = (name: string, parent?: string): Agency => ({
  ...{ code: name, name, partyClass: 'state', status: 'live', dialect: 'mailbox', options: {} },
  ...(parent === undefined ? {} : { parent }),
})

const registries = fc
  .record({
    parents: fc.dictionary(code, fc.option(code, { nil: undefined })),
    aliases: fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.array(code, { maxLength: 2 })),
    grants: fc.dictionary(code, fc.array(code, { maxLength: 2 })),
  })
  .map(({ parents, aliases, grants }): Registry => ({
    version: 1,
    agencies: Object.entries(parents).map(([name, parent]) => body(name, parent)),
    ...{ aliases, grants, certificates: [], trustRoots: [], subscriptions: {} },
  }))

const codesOf = ({ agencies }: Pick<Registry, 'agencies'>) => agencies.map((agency) => agency.code).sort()

describe('a registry file merged', () => {
  it('leads to what the file says, keeps or removes the rest, and has nothing to do the second time', () => {
    fc.assert(
      fc.property(registries, registries, fc.boolean(), (before, file, prune) => {
        const after = patchRegistry(before, mergeRegistry(before, file, prune).patch, 2)
        const rest = prune ? [] : codesOf(before)
        expect(codesOf(after)).to.deep.equal([...new Set([...codesOf(file), ...rest])].sort())
        for (const { code: name, parent } of file.agencies)
          expect(after.agencies.find((agency) => agency.code === name)?.parent).to.equal(parent)
        expect(after.aliases).to.deep.equal(prune ? file.aliases : { ...before.aliases, ...file.aliases })
        expect(mergeRegistry(after, file, prune)).to.deep.equal({ patch: {}, differences: [] })
      }),
    )
  })
})

describe('the check of parents', () => {
  /** Said in another way than the check itself does: whoever walks more steps than there are bodies has met one twice. */
  const isSound = (parents: Readonly<Record<string, string | undefined>>, from: string) => {
    let at: string | undefined = from
    for (let step = 0; step <= codes.length; step += 1) {
      if (at === undefined) return true
      if (!(at in parents)) return false
      at = parents[at]
    }
    return false
  }

  it('passes exactly what ends, without a ring, at bodies that are known', () => {
    fc.assert(
      fc.property(fc.dictionary(code, fc.option(code, { nil: undefined }), { minKeys: 1 }), (parents) => {
        const find = (name: string) => (name in parents ? body(name, parents[name]) : undefined)
        for (const name of Object.keys(parents)) {
          let passed = true
          try {
            checkAgency(body(name, parents[name]), find, dialects)
          } catch (error) {
            if (!(error instanceof GatewayError)) throw error
            passed = false
          }
          expect(passed, JSON.stringify({ parents, name })).to.equal(isSound(parents, name))
        }
      }),
      { numRuns: 500 },
    )
  })
})
