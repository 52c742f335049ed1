import type { Sandbox } from './rows.ts'

/** Opens the accounts of partners' software, as the administrator. Rejects with an Error that names the one that was refused. */
export async function openAccounts({ gatewayUrl, clients, people }: Sandbox): Promise<void> {
  const admin = people.find(({ role }) => role === 'admin')
  for (const { row, secret } of clients) {
    const { code, dialect, door } = row
    const name = encodeURIComponent(`account:${dialect}:${door.account}`)
    const path = `/admin/v1/agencies/${code}/secrets/${name}`
    const answer = await fetch(`${gatewayUrl}${path}`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${admin?.apiKey ?? ''}`, 'content-type': 'application/json' },
      body: JSON.stringify({ value: secret, overlapSeconds: 0 }),
    })
    if (!answer.ok) throw new Error(`the account of ${code} was refused: ${await answer.text()}`)
  }
}
