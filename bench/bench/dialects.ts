import { randomUUID } from 'node:crypto'
import type { ClientAccount } from '../../sandbox/rows.ts'
import { openAccounts } from '../../sandbox/open-accounts.ts'
import { until } from '../support/wait.ts'
import { percentile } from './numbers.ts'
import type { Place } from './place.ts'
import { startGateway, type System } from './system.ts'

/** Dossiers through one door: a second's worth, and how long their senders waited for the answer. */
export interface DoorRow {
  readonly door: string
  readonly dossiers: number
  readonly perSecond: number
  readonly answerP50Ms: number
  readonly answerP99Ms: number
}

export interface DialectPlan {
  readonly dossiers: number
  readonly warm: number
}

/** Systems of provinces that send at once, each one dossier after the other. */
const senders = 32
const recordLimitMs = 60_000

/** Sends one dossier; rejects where it is not taken. */
type Send = (maHoSo: string) => Promise<void>

/** The same dossiers through each door, from the request to the recorded delivery: they differ in the door alone. */
export async function measureDialects(place: Place, plan: DialectPlan): Promise<readonly DoorRow[]> {
  const system = await startGateway(place, await place.createDatabase('dialects'))
  try {
    await openAccounts(place.sandbox)
    const [account] = place.sandbox.clients
    if (account === undefined) throw new Error('the place has no account of a dialect')
    const rows: DoorRow[] = []
    for (const [door, open] of Object.entries(doors)) {
      const send = await open(system.url, account)
      await runDoor(system, door, { send, dossiers: plan.warm })
      rows.push(await runDoor(system, door, { send, dossiers: plan.dossiers }))
    }
    return rows
  } finally {
    await system.stop()
  }
}

async function runDoor(
  { open }: System,
  door: string,
  { send, dossiers }: { readonly send: Send; readonly dossiers: number },
): Promise<DoorRow> {
  const run = randomUUID().slice(0, 6)
  const answerMs: number[] = []
  let next = 0
  const sender = async () => {
    for (let seq = next++; seq < dossiers; seq = next++) {
      const began = performance.now()
      await send(`H22-261122-${run}${String(seq).padStart(6, '0')}`)
      answerMs.push(performance.now() - began)
    }
  }
  const startedAt = performance.now()
  await Promise.all(Array.from({ length: senders }, sender))
  const recorded = await until(async () => (await open()) === 0, { limitMs: recordLimitMs, everyMs: 10 })
  if (!recorded) throw new Error(`not every dossier of ${door} was recorded as delivered`)
  return {
    ...{ door, dossiers, perSecond: dossiers / ((performance.now() - startedAt) / 1_000) },
    answerP50Ms: percentile(answerMs, 0.5),
    answerP99Ms: percentile(answerMs, 0.99),
  }
}

/** A row of a dossier as a one-stop system writes it. */
const dossierOf = (MaHoSo: string) => ({
  ...{ MaHoSo, MaTTHC: '1.009901', TenTTHC: 'Cấp lại giấy phép', MaLinhVuc: 'G03-GD10', TenLinhVuc: 'Đo' },
  ...{
    KenhThucHien: '2',
    ChuHoSo: 'Phạm Thị Đo',
    LoaiDoiTuong: '1',
    SoDienThoai: '0900000109',
    HinhThuc: '0',
  },
  ...{ TrichYeuHoSo: 'Đề nghị cấp lại giấy phép', NgayTiepNhan: '20261122083000', TrangThaiHoSo: '2' },
  ...{ NgayHenTra: '20261129170000', DonViXuLy: 'Sở Đo lường', NoiNopHoSo: '2' },
})

/** Each door as its clients call it: the gateway's own JSON door, and that of the adapter's envelope. */
const doors: Readonly<Record<string, (url: string, account: ClientAccount) => Promise<Send>>> = {
  'native JSON': (url, { apiKey }) =>
    Promise.resolve(async (maHoSo) => {
      const body = { action: 'dossier.submitted', payload: { data: [dossierOf(maHoSo)] } }
      const headers = { authorization: `Bearer ${apiKey}`, 'idempotency-key': maHoSo }
      const { status, text } = await post(`${url}/v1/messages`, body, headers)
      if (status !== 202) throw new Error(`a message was answered ${status}: ${text}`)
    }),
  'adapter envelope': async (_url, { url, secret, row: { code, door } }) => {
    const login = await post(`${url}/mapi/login`, { username: door.account, password: secret })
    const { session } = JSON.parse(login.text) as { readonly session?: string }
    if (session === undefined) throw new Error(`a login was answered: ${login.text}`)
    return async (maHoSo) => {
      const call = { session, madonvi: code, service: 'DongBoHoSoMC', isUpdating: 'False' }
      const { text } = await post(`${url}/mapi/g`, { ...call, data: [dossierOf(maHoSo)] })
      if (!text.includes('"error_code":0')) throw new Error(`a dossier was answered: ${text}`)
    }
  },
}

async function post(url: string, body: object, headers: Readonly<Record<string, string>> = {}) {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
  return { status: answer.status, text: await answer.text() }
}
