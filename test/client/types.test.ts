import { expect } from 'chai'
import type { Client, PayloadOf } from '../../client/index.ts'

// The compiler is the test: `npm test` checks these types, and an expected error that does not come is an error.

type Write = Pick<Client, 'write'>
const written: unknown[] = []
const { write }: Write = {
  write: (...asked: readonly unknown[]) => {
    written.push(asked)
    return Promise.resolve(new Uint8Array())
  },
}

describe('client: payloads typed by their action', () => {
  const step = { MaHoSo: 'H49.05-261121-0001', TrangThai: 2, NoiDungXuLy: 'Tiếp nhận hồ sơ' } as const

  it('takes what the schema names: bare and quoted numbers, null, and what may be missing', async () => {
    const payload: PayloadOf<'status.updated'> = { data: [step, { ...step, ChucDanh: null }] }
    await write('status.updated', payload)
    await write({ action: 'status.requested', recipients: ['H49'] }, { data: [{ MaHoSo: step.MaHoSo }] })
    await write('payment.result', {
      MaThamChieu: 'TT-1',
      SoTien: '120000',
      ThongTinBienLai: { DSKhoanNop: [{ SoTien: 1 }] },
    })
    expect(written).to.have.length(3)
  })

  it('does not compile with a field that no schema names, a missing one, or another kind of value', async () => {
    // @ts-expect-error: MaHoso is no field of a step
    await write('status.updated', { data: [{ ...step, MaHoso: 'H49.05-261121-0001' }] })
    // @ts-expect-error: a step without its MaHoSo
    await write('status.updated', { data: [{ TrangThai: '2' }] })
    // @ts-expect-error: an object where a code stands
    await write('status.updated', { data: [{ ...step, TrangThai: { ma: 2 } }] })
    // @ts-expect-error: rows are a list
    await write('status.updated', { data: step })
    // @ts-expect-error: the payload of another action
    await write({ action: 'account.created' }, { data: [step] })
    expect(written).to.have.length(8)
  })

  it('takes any payload for an action that is known only at run time', async () => {
    const action: string = 'status.updated'
    await write(action, { anything: ['goes'] })
    await write<string>('status.updated', { data: [{ ...step, TruongRieng: 'x' }] })
    // @ts-expect-error: even then it is JSON
    await write(action, { when: new Date() })
    expect(written).to.have.length(11)
  })
})
