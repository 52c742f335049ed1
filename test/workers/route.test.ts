import { expect } from 'chai'
import { actions, type ActionName } from '../../schemas/actions.ts'
import { GatewayError } from '../../schemas/errors.ts'
import type { Message } from '../../schemas/message.ts'
import type { Agency, Registry } from '../../schemas/agency.ts'
import { createDirectory } from '../../workers/directory.ts'
import { route } from '../../workers/route.ts'
import { messageOf } from '../contracts/dialect.ts'

const now = 1_700_000_000_000

function body(code: string, row: Partial<Agency> = {}): Agency {
  return { code, name: code, partyClass: 'state', status: 'live', dialect: 'mailbox', options: {}, ...row }
}

const registry: Registry = {
  version: 1,
  agencies: [
    body('G22'),
    body('H49'),
    body('H49.05', { parent: 'H49' }),
    body('H10', { successor: 'H49', retiredAt: now - 1 }),
    body('H11', { successor: 'H49', retiredAt: now + 1 }),
    body('NHTM01'),
    body('H77', { status: 'testing' }),
  ],
  aliases: { 'portal-core': ['G22'], 'both-cores': ['G22', 'H10'] },
  certificates: [],
  trustRoots: [],
  grants: {},
  subscriptions: { 'catalog.changed': ['H49', 'H10'], 'catalog:THU_TUC': ['NHTM01'] },
}
const directory = createDirectory(registry)

function routed(action: ActionName, change: Partial<Message>): readonly string[] {
  return route(
    { message: { ...messageOf(action), recipients: [], ...change }, row: actions[action], now },
    directory,
  )
}

function refused(act: () => unknown): GatewayError {
  try {
    act()
  } catch (error) {
    if (error instanceof GatewayError) return error
    throw error
  }
  throw new Error('was not refused')
}

describe('routing', () => {
  it('goes to those it names, aliases and successors followed, without repeats and never to its sender', () => {
    expect(routed('status.updated', { recipients: ['NHTM01'] })).to.deep.equal(['NHTM01'])
    expect(
      routed('status.updated', { sender: 'NHTM01', recipients: ['both-cores', 'H49', 'NHTM01'] }),
    ).to.deep.equal(['G22', 'H49'])
    expect(routed('status.updated', { sender: 'G22', recipients: ['H11'] }), 'not retired yet').to.deep.equal(
      ['H11'],
    )
  })

  it('goes where the table of actions says when it names nobody', () => {
    expect(routed('dossier.submitted', {})).to.deep.equal(['G22'])
  })

  it('finds the owner of a dossier by the longest code of the directory', () => {
    const ownerOf = (MaHoSo: string) =>
      routed('payment.result', { sender: 'NHTM01', payload: { MaThamChieu: 'T1', MaHoSo } })
    expect(ownerOf('H49.05-261121-0001')).to.deep.equal(['H49.05', 'G22'])
    expect(ownerOf('H49.051-261121-0001'), 'a code is not cut inside a part').to.deep.equal(['H49', 'G22'])
    expect(ownerOf('H10-261121-0001'), 'a retired body').to.deep.equal(['H49', 'G22'])
    expect(ownerOf('K01-261121-0001')).to.deep.equal(['G22'])
  })

  it('tells those who subscribed to the action or to the catalogue', () => {
    expect(routed('catalog.changed', { sender: 'G22', payload: { DanhMuc: 'THU_TUC' } })).to.deep.equal([
      'H49',
      'NHTM01',
    ])
  })

  it('refuses what leads to nobody, or to a body that is unknown', () => {
    expect(refused(() => routed('document.letter', {}))).to.include({
      code: 'unroutable',
      field: 'Recipients',
    })
    expect(refused(() => routed('document.letter', { recipients: ['H99'] })).reason).to.contain('H99')
    expect(
      refused(() => routed('document.letter', { recipients: ['H49'] })).code,
      'only its own sender',
    ).to.equal('unroutable')
  })

  it('keeps a body under test away from those that are live', () => {
    expect(refused(() => routed('document.letter', { sender: 'H77', recipients: ['G22'] }))).to.include({
      code: 'forbidden',
    })
    expect(refused(() => routed('document.letter', { recipients: ['H77'] }))).to.include({
      code: 'forbidden',
    })
    const tests = createDirectory({
      ...registry,
      agencies: [body('G22', { testRecipient: true }), body('H77', { status: 'testing' })],
    })
    const ask = (action: ActionName, sender: string, recipients: readonly string[]) =>
      route({ message: { ...messageOf(action), sender, recipients }, row: actions[action], now }, tests)
    expect(ask('document.letter', 'G22', ['H77'])).to.deep.equal(['H77'])
    expect(ask('document.letter', 'H77', ['G22'])).to.deep.equal(['G22'])
  })

  it('leaves a subscriber under test out of the live traffic without refusing the others', () => {
    const told = createDirectory({ ...registry, subscriptions: { 'catalog.changed': ['H49', 'H77'] } })
    const message = { ...messageOf('catalog.changed'), sender: 'G22', recipients: [] }
    expect(route({ message, row: actions['catalog.changed'], now }, told)).to.deep.equal(['H49'])
  })
})

describe('the directory', () => {
  it('knows who stands below whom by the registry, not by the text of a code', () => {
    expect(directory.isWithin('H49.05', 'H49')).to.equal(true)
    expect(directory.isWithin('H49', 'H49.05')).to.equal(false)
    const flat = createDirectory({ ...registry, agencies: [body('H49'), body('H49.05')] })
    expect(flat.isWithin('H49.05', 'H49')).to.equal(false)
  })

  it('ends where parents or successors form a ring', () => {
    const ring = createDirectory({
      ...registry,
      agencies: [
        body('A', { parent: 'B', successor: 'B', retiredAt: 0 }),
        body('B', { parent: 'A', successor: 'A', retiredAt: 0 }),
      ],
    })
    expect(ring.isWithin('A', 'C')).to.equal(false)
    expect(ring.resolve('A', now).length).to.equal(1)
  })
})
