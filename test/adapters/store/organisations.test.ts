import { expect } from 'chai'
import type { Organisation } from '../../../adapters/agencies/partner-directory.ts'
import { forEachEngine, withStore } from '../../support/database.ts'
import { t0 } from './builders.ts'

const row = (code: string, other = '', name = 'Sở Thử'): Organisation => ({ code, other, name, parent: '' })

forEachEngine('copies of partners’ directories', (engine) => {
  it('are found by the codes of both generations, whatever their case, each partner’s by itself', () =>
    withStore(engine, async ({ store }) => {
      expect(await store.organisationCopy('TRUC.A')).to.equal(null)
      const units = [row('H49.05', '000.00.05.H49'), row('vxp.saas.01'), row('G22')]
      await store.keepOrganisations('TRUC.A', units, t0)
      await store.keepOrganisations('TRUC.B', [row('H49.05', 'khac')], t0)
      expect(
        await store.findOrganisations('TRUC.A', ['000.00.05.h49', 'VXP.SAAS.01', 'Z99', '']),
      ).to.have.deep.members([...units.slice(0, 2)])
      expect(await store.findOrganisations('TRUC.A', ['h49.05', '000.00.05.H49'])).to.deep.equal([units[0]])
      expect(await store.findOrganisations('TRUC.A', [])).to.deep.equal([])
      expect(await store.organisationCopy('TRUC.A')).to.deep.equal({ readAt: t0, count: 3 })
    }))

  it('follow what changed and what is gone, and nothing else is written', () =>
    withStore(engine, async ({ store }) => {
      const many = Array.from({ length: 450 }, (_, n) => row(`H49.${n}`, `000.00.${n}.H49`))
      const keep = (rows: readonly Organisation[], at: number) => store.keepOrganisations('TRUC.A', rows, at)
      expect(await keep(many, t0)).to.deep.equal({ changed: 450, removed: 0 })
      expect(await keep(many, t0 + 1)).to.deep.equal({ changed: 0, removed: 0 })
      const next = [...many.slice(10), row('H49.10', '000.00.10.H49', 'Sở Mới'), row('H50')]
      expect(await keep(next, t0 + 2)).to.deep.equal({ changed: 2, removed: 10 })
      expect(await store.findOrganisations('TRUC.A', ['000.00.3.H49', 'H49.3'])).to.deep.equal([])
      const [renamed] = await store.findOrganisations('TRUC.A', ['000.00.10.H49'])
      expect(renamed?.name).to.equal('Sở Mới')
      expect(await store.organisationCopy('TRUC.A')).to.deep.equal({ readAt: t0 + 2, count: 441 })
    }))
})
