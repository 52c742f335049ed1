import type { Sandbox } from './rows.ts'

/** Opens the accounts of partners' software, as the administrator. Rejects with an Error that names the one that was refused. */
export async function openAccounts({ gatewayUrl, clients, people }: Sandbox): Promise<void> {
  const admin = people.find(({ role }) => role === 'admin')
  const accounts = clients.flatMap(({ row: { code, dialect, door }, secret }) =>
    [door.account, ...(door.moreAccounts ?? [])].map((account) => ({ code, dialect, account, secret })),
  )
  for (const { code, dialect, account, secret } of accounts) {
    const name = encodeURIComponent(`account:${dialect}:${account}`)
    const path = `/admin/v1/agencies/${code}/secrets/${name}`
    const answer = await fetch(`${gatewayUrl}${path}`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${admin?.apiKey ?? ''}`, 'content-type': 'application/json' },
      body: JSON.stringify({ value: secret, overlapSeconds: 0 }),
    })
    if (!answer.ok) throw new Error(`the account of ${code} was refused: ${await answer.text()}`)
  }
}
