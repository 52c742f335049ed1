import { expect } from 'chai'
import type { Payload } from '../../schemas/message.ts'
import { withGateway, type LentGateway } from './gateway.ts'
import { createParty, type Party } from './parties.ts'
import { admit, createPerson } from './people.ts'
import { officeSystem, secret, type VxpScene } from './vxp.ts'

/** A gateway of an office, for which another gateway is the axis, known by the key that it signs with. */
export function office(
  { url, lent: axisItself }: Pick<VxpScene, 'url'> & Partial<Pick<VxpScene, 'lent'>>,
  options: Payload,
  use: (lent: LentGateway, own: Party) => Promise<void>,
  others: readonly Party[] = [],
): Promise<void> {
  const own = createParty({ code: 'G22', options: { format: 'json' } })
  const party = createParty({
    ...{ code: 'TRUC.VB', dialect: 'vxp' },
    options: { url, systemId: officeSystem, pollSeconds: 1, generation: '2016', ...options },
  })
  const axis = { ...party, signing: axisItself?.keys.signing ?? party.signing }
  return withGateway([own, axis, ...others], {}, async (lent) => {
    const admin = createPerson('admin')
    await admit(lent, [own, axis, ...others], [admin])
    const put = await lent.call(admin.apiKey, 'PUT', '/admin/v1/agencies/TRUC.VB/secrets/vxp', {
      ...{ type: 'application/json', bytes: JSON.stringify({ value: secret }) },
    })
    expect(put.status, put.text).to.be.below(300)
    await use(lent, own)
  })
}
