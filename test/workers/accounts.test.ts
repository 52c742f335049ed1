import { createSecretKey, randomBytes } from 'node:crypto'
import { expect } from 'chai'
import { tokenKeys } from '../../signing/token.ts'
import { accountSecret, createAccounts } from '../../workers/accounts.ts'
import { createDirectory } from '../../workers/directory.ts'
import { createSecretBook } from '../../workers/secret-book.ts'
import { createParty, registryOf } from '../support/parties.ts'

const now = 1_780_000_000_000
const hourMs = 3_600_000
const dialect = 'adapter-envelope'
const keys = tokenKeys({ current: 'k', keys: new Map([['k', createSecretKey(randomBytes(32))]]) })
const registry = registryOf([createParty({ code: 'H49' })]).registry
const directory = createDirectory({ ...registry, version: 1 })

const secretOf = (value: string, validFrom: number, validTo: number | null = null, agency = 'H49') => ({
  ...{ id: value, agency, name: accountSecret(dialect, 'h49-mot-cua') },
  ...{ value, validFrom, validTo },
})

function accountsWith(secrets: readonly ReturnType<typeof secretOf>[], at = now) {
  const secretBook = createSecretBook(secrets)
  return createAccounts({
    ...{ secrets: secretBook, directory: () => directory, tokenKeys: keys, code: 'TRUC', now: () => at },
  })
}

const present = secretOf('mat-khau-moi', now - 1)
const former = secretOf('mat-khau-cu', now - hourMs, now + hourMs)

describe('accounts of a door', () => {
  it('give a session for the present secret and, while it is changed, for the former', () => {
    const accounts = accountsWith([present, former])
    for (const secret of ['mat-khau-moi', 'mat-khau-cu']) {
      const { session } = accounts.login(dialect, 'h49-mot-cua', secret)
      expect(accounts.resume(dialect, session)).to.deep.include({
        agency: 'H49',
        roles: ['agency'],
        method: 'token',
      })
    }
  })

  it('refuse a wrong secret, an unknown account and another dialect alike', () => {
    const accounts = accountsWith([present])
    const tries = [
      () => accounts.login(dialect, 'h49-mot-cua', 'sai'),
      () => accounts.login(dialect, 'khong-co', 'mat-khau-moi'),
      () => accounts.login('vxp', 'h49-mot-cua', 'mat-khau-moi'),
      () => accounts.prove(dialect, 'khong-co', (secrets) => secrets.includes('mat-khau-moi')),
    ]
    for (const attempt of tries) expect(attempt).to.throw('unknown account or wrong secret')
  })

  it('end a session with its account, its day, and at another dialect', () => {
    const { session } = accountsWith([present]).login(dialect, 'h49-mot-cua', 'mat-khau-moi')
    expect(() => accountsWith([]).resume(dialect, session)).to.throw('unknown account')
    expect(() => accountsWith([present]).resume('vxp', session)).to.throw('not valid')
    expect(() => accountsWith([present], now + 25 * hourMs).resume(dialect, session)).to.throw('is over')
  })

  it('belong to the body that had the name first', () => {
    const accounts = accountsWith([
      secretOf('cua-ke-khac', now, null, 'H01'),
      secretOf('mat-khau-moi', now - 9),
    ])
    expect(() => accounts.login(dialect, 'h49-mot-cua', 'cua-ke-khac')).to.throw('wrong secret')
    expect(accounts.login(dialect, 'h49-mot-cua', 'mat-khau-moi').expiresInSeconds).to.equal(86_400)
  })

  it('are none where the body has left the registry', () => {
    const gone = accountsWith([secretOf('mat-khau-moi', now - 1, null, 'H99')])
    expect(() => gone.login(dialect, 'h49-mot-cua', 'mat-khau-moi')).to.throw('unknown account')
  })
})
