import { code, count, date, digits, list, part, record, text } from '../../../schemas/fields.ts'
import type { Payload } from '../../../schemas/message.ts'
import { objectIn } from '../../../schemas/objects.ts'
import { canonical } from '../canonical.ts'
import { formed, sqlDate, whole } from '../dossiers/forms.ts'
import { withNationalPerson, withTheirPerson, type Persons } from '../dossiers/persons.ts'
import { inverse, joined, parted, renamed, type Names } from '../dossiers/renamed.ts'
import { componentsOf, papersOf } from './papers.ts'

const paper = record({ IdGiayTo: code, MaKetQua: code, TenGiayTo: text(), HashTepTin: code })

const component = record({
  MaThanhPhanHoSo: code,
  TenThanhPhanHoSo: text(),
  SoLuong: count,
  LoaiBan: digits,
  GiayToDinhKem: list(paper),
})

const person = part({
  TenNguoiNop: text(),
  SoDinhDanh: code,
  NgayCapDinhDanh: date,
  NgaySinh: date,
  SoDienThoai: text(),
  Email: text(),
  Fax: text(),
  MaTinh: code,
  MaHuyen: code,
  MaXa: code,
  DiaChiChiTiet: text(),
  TenChuHs: text(),
  SoDinhDanhChuHs: code,
  MaTinhChuHs: code,
  MaXaChuHs: code,
  DiaChiChiTietChuHs: text(),
})

/** The fields of a create (dvcqg §12.4), which may come in any case. */
const created = record({
  MaHoSo: code,
  MaTTHC: code,
  MaDichVuCong: code,
  ChuHoSo: text(),
  LoaiDoiTuong: digits,
  MaDonViTiepNhan: code,
  NgayNop: date,
  NgayTiepNhan: date,
  ThanhPhanHoSo: list(component),
  ThongTinNguoiNop: part({ LoaiDoiTuong: digits, IdDoiTuong: code, ThongTinChiTiet: person }),
})

const names: Names = { MaDonViTiepNhan: 'MaDonVi', NgayNop: 'NgayNopHoSo' }
const submitterNames: Names = { IdDoiTuong: 'MaDoiTuong' }
const personNames: Names = {
  ...{ SoDienThoai: 'SoDienThoai', Email: 'Email', Fax: 'Fax' },
  SoDinhDanhChuHs: 'SoGiayToChuHoSo',
}

/**
 * A create as one row of a national dossier. Of the submitter what has a national field moves there; the rest stays under
 * `ThongTinNguoiNop`, the electronic form under `EformThongTinChiTiet`. Throws GatewayError for a kind of person that is none.
 */
export function nationalDossier(row: Payload, persons: Persons): Payload {
  const { ThanhPhanHoSo, ThongTinNguoiNop, ...rest } = canonical(created, row) as Payload // an object stays one
  const { ThongTinChiTiet, ...submitter } = objectIn(ThongTinNguoiNop)
  const [ofSubmitter, submitterRest] = parted(submitter, submitterNames)
  const [ofPerson, personRest] = parted(objectIn(ThongTinChiTiet), personNames)
  const left = { ...submitterRest, ...unlessEmpty('ThongTinChiTiet', personRest) }
  const parts = [
    renamed(withNationalPerson(rest, persons), names),
    ofSubmitter,
    ofPerson,
    ThanhPhanHoSo === undefined ? {} : { TaiLieuNop: papersOf(ThanhPhanHoSo as readonly Payload[]) },
    unlessEmpty('ThongTinNguoiNop', left),
  ]
  return joined(parts.flatMap((fields) => Object.entries(fields)))
}

/** A national row, in the form that all dialects share, as the body of a create; null where it has a kind of person that is none here. */
export function theirDossier(row: Payload, persons: Persons): Payload | null {
  const coded = withTheirPerson(row, persons)
  if (coded === null) return null
  const { TaiLieuNop, ThongTinNguoiNop, ...fields } = coded
  const { ThongTinChiTiet, ...submitter } = objectIn(ThongTinNguoiNop)
  const [ofPerson, others] = parted(fields, inverse(personNames))
  const [ofSubmitter, rest] = parted(others, inverse(submitterNames))
  const detail = { ...objectIn(ThongTinChiTiet), ...ofPerson }
  return {
    ...formed(renamed(rest, inverse(names)), {
      ...{ NgayNop: sqlDate, NgayTiepNhan: sqlDate, LoaiDoiTuong: whole },
    }),
    ...(TaiLieuNop === undefined ? {} : { ThanhPhanHoSo: componentsOf(TaiLieuNop as readonly Payload[]) }),
    ...unlessEmpty('ThongTinNguoiNop', {
      ...formed(submitter, { LoaiDoiTuong: whole }),
      ...ofSubmitter,
      ...unlessEmpty('ThongTinChiTiet', detail),
    }),
  }
}

const unlessEmpty = (name: string, fields: Payload): Payload =>
  Object.keys(fields).length === 0 ? {} : { [name]: fields }
