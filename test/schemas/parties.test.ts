import { expect } from 'chai'
import { partiesOf } from '../../schemas/parties.ts'
import { sampleDossierCode, samplePayload } from '../support/payloads.ts'

describe('parties of a payload', () => {
  it('are the dossier of a batch, and the body in charge', () => {
    expect(partiesOf(samplePayload('dossier.receipt', 2))).to.deep.equal({
      dossiers: [sampleDossierCode(2)],
      competent: ['H49.05'],
    })
    expect(partiesOf(samplePayload('status.updated', 2))).to.deep.equal({
      dossiers: [sampleDossierCode(2)],
      competent: [],
    })
  })

  it('are the dossiers of all payments of a settlement', () => {
    expect(partiesOf(samplePayload('payment.settled', 2)).dossiers).to.deep.equal(
      [2, 3, 4].map(sampleDossierCode),
    )
  })

  it('are the dossier of the receipt block when the message has none of its own', () => {
    expect(partiesOf({ MaThamChieu: 'A1', ThongTinBienLai: { MaHoSo: ' X1 ' } }).dossiers).to.deep.equal([
      'X1',
    ])
    expect(partiesOf({ MaHoSo: 'X2', ThongTinBienLai: { MaHoSo: 'X1' } }).dossiers).to.deep.equal(['X2'])
    expect(partiesOf({ MaThamChieu: 'A1', ThongTinBienLai: null }).dossiers).to.deep.equal([])
  })

  it('are the body that a petition goes to, not the one it leaves', () => {
    expect(partiesOf(samplePayload('pakn.forwarded', 1)).competent).to.deep.equal(['G22'])
    expect(partiesOf(samplePayload('pakn.supplemented', 1)).competent).to.deep.equal(['H49.05'])
  })

  it('are all that handle a petition together, each once', () => {
    expect(partiesOf(samplePayload('pakn.co-handled', 1)).competent).to.deep.equal([
      'H49.05',
      'H49.06',
      'G03',
    ])
    const units = [{ MaDonVi: 'G03' }, { MaDonVi: 'G03' }, {}, null, 'x']
    expect(partiesOf({ MaDonVi: 'G03', DanhSachDonViPhoiHop: units }).competent).to.deep.equal(['G03'])
  })

  it('are nobody when nobody is named', () => {
    expect(partiesOf({})).to.deep.equal({ dossiers: [], competent: [] })
    expect(partiesOf({ data: [] })).to.deep.equal({ dossiers: [], competent: [] })
  })
})
