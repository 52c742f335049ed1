import { expect } from 'chai'
import { dialects } from '../../adapters/agencies/index.ts'
import { readDoorPaths, withDoorPaths } from '../../config/door-paths.ts'
import { withGateway } from '../support/gateway.ts'
import { createParty } from '../support/parties.ts'

describe('more addresses of a door', () => {
  it('are taken from the environment, and answer as the first does', () =>
    withGateway(
      [createParty({ code: 'H49' })],
      { env: { DOOR_PATHS: 'adapter-envelope=/mot-cua/tinh' } },
      async (lent) => {
        const body = { type: 'application/json', bytes: '{"service":"TraCuuHoSo"}' }
        const { status, text } = await lent.call(null, 'POST', '/mot-cua/tinh/g', body)
        expect(status).to.equal(200)
        expect(text).to.contain('"error_code":401')
        expect((await lent.call(null, 'POST', '/mot-cua/khac', body)).status).to.equal(404)
      },
    ))

  it('are refused where they are none, or the dialect has no door', () => {
    expect(readDoorPaths('')).to.deep.equal([])
    for (const bad of ['adapter-envelope', 'adapter-envelope=x', 'a=/b/*', '=/b', 'a=/b//c'])
      expect(() => readDoorPaths(bad), bad).to.throw('DOOR_PATHS')
    expect(() => withDoorPaths(dialects, readDoorPaths('mailbox=/x'))).to.throw('mailbox has no door')
  })
})
