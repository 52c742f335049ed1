import { expect } from 'chai'
import type { Payload } from '../../schemas/message.ts'
import { envelopeScene, portal, type EnvelopeScene } from '../support/adapter-envelope.ts'
import { envelopeOf, operatorKey } from '../support/parties.ts'

const question = {
  ...{ HOIDAPID: '550123', MADONVI: 'H49', NOIDUNG: 'Nộp hồ sơ ở đâu?', HOVATEN: 'Phạm Thị Mẫu' },
}
const petition = {
  MaPAKN: 'PAKN.20261121.0007',
  MaDonVi: 'H49',
  NoiDung: 'Chậm trả kết quả',
  TrangThai: 'MOI',
}

/** The portal core sends something to the province; answers the id of the message. */
async function send({ lent }: EnvelopeScene, action: string, payload: Payload): Promise<string> {
  const bytes = await envelopeOf(portal, action, payload, { recipients: ['H49'] })
  const sent = await lent.call(portal.apiKey, 'POST', '/v1/messages', { type: 'application/xml', bytes })
  expect(sent.status, sent.text).to.equal(202)
  return String(sent.json['id'])
}

async function stateOf({ lent }: EnvelopeScene, id: string): Promise<unknown> {
  return (await lent.call(operatorKey, 'GET', `/v1/messages/${id}`)).json['state']
}

describe('what an agency without an address reads by its look-ups', () => {
  it('are questions: whole lists, again each day, and delivered by the first', () =>
    envelopeScene({}, async (here) => {
      const { service } = here
      const id = await send(here, 'question.asked', { data: [question] })
      expect(await stateOf(here, id)).to.equal('accepted')
      for (const day of [1, 2]) {
        const { result } = await service('LayDanhSachHoiDapGuiTuDVCQG')
        expect(result, `day ${day}`).to.have.lengthOf(1)
        expect(result[0]).to.include({ ...question, HOIDAPID: 550123, NOIDUNGTRALOI: '', MALINHVUC: '' })
        expect(await stateOf(here, id)).to.equal('delivered')
      }
      const answer = { HOIDAPID: '550123', TRALOIID: '9', NOIDUNGTRALOI: 'Tại bộ phận một cửa.' }
      await send(here, 'question.answered', { data: [answer] })
      expect((await service('LayNoiDungTraLoiTheoCauHoi', { cauhoiid: 550123 })).result).to.deep.equal([
        { TRALOIID: '9', NOIDUNGTRALOI: 'Tại bộ phận một cửa.' },
      ])
      expect((await service('LayDanhSachHoiDapBoCoQuan')).result[0]).to.include({ TRALOIID: '9' })
    }))

  it('are petitions, by state and by the days between which they came', () =>
    envelopeScene({}, async (here) => {
      const { service } = here
      await send(here, 'pakn.received', petition)
      const listed = async (asked: Payload) => (await service('LayDanhSachPAKN', asked)).result.length
      expect(await listed({})).to.equal(1)
      expect(await listed({ trangthai: 'MOI', tungay: '01/01/2020', denngay: '20991231' })).to.equal(1)
      expect(await listed({ trangthai: 'XONG' })).to.equal(0)
      expect(await listed({ denngay: '01/01/2020' })).to.equal(0)
      expect(await service('LayDanhSachPAKN', { tungay: 'hôm qua' })).to.include({ error_code: 400 })
      await send(here, 'pakn.supplemented', { MaPAKN: petition.MaPAKN, NoiDungBoSung: 'Thêm ảnh' })
      const { result } = await service('LayChiTietPAKN', { mapakn: petition.MaPAKN })
      expect(result).to.have.lengthOf(1)
      expect(result[0]).to.include({ NOIDUNG: petition.NoiDung, NOIDUNGBOSUNG: 'Thêm ảnh', TRANGTHAI: 'MOI' })
    }))

  it('are no dossiers: those wait for a person, who is told why', () =>
    envelopeScene({}, async (here) => {
      const id = await send(here, 'dossier.submitted', {
        data: [{ MaHoSo: 'H49-261121-0001', MaTTHC: '1.009901' }],
      })
      expect((await here.service('LayDanhSachPAKN')).result).to.deep.equal([])
      expect(await stateOf(here, id)).to.equal('parked')
    }))
})
