import { code, list, record, textOf } from '../../../schemas/fields.ts'
import { fileLink, readFileLink } from '../../../schemas/file-links.ts'
import type { Json, Payload } from '../../../schemas/message.ts'
import { canonical } from '../canonical.ts'
import { eachRow, formed, whole } from '../dossiers/forms.ts'
import { inverse, parted, renamed, type Names } from '../dossiers/renamed.ts'

const paperNames: Names = {
  IdGiayTo: 'TepDinhKemId',
  TenGiayTo: 'TenTepDinhKem',
  MaKetQua: 'MaKetQuaThayThe',
}
const theirNames = inverse(paperNames)

/** What a paper says of its component: its row here holds both. */
const componentNames: Names = Object.fromEntries(
  ['MaThanhPhanHoSo', 'TenThanhPhanHoSo', 'SoLuong', 'LoaiBan'].map((name) => [name, name]),
)

/** Components with their papers → one national row a paper; a component without papers is a row of its own. */
export function papersOf(components: readonly Payload[]): readonly Payload[] {
  return components.flatMap(({ GiayToDinhKem: papers = [], ...component }) => {
    const rows = papers as readonly Payload[] // a list, as the schema has read it
    return rows.length === 0 ? [component] : rows.map((paper) => ({ ...component, ...nationalPaper(paper) }))
  })
}

/** An id and SHA-256 as the upload has answered them are a file here. */
function nationalPaper({ HashTepTin: hash = '', ...paper }: Payload): Payload {
  const row = renamed(paper, paperNames)
  const link = fileLink({ id: textOf(paper['IdGiayTo']), digest: textOf(hash).toLowerCase() })
  if (readFileLink(link) !== null) return { ...row, DuongDanTaiTepTin: link }
  return hash === '' ? row : { ...row, HashTepTin: hash }
}

interface Component {
  readonly head: Payload
  readonly papers: readonly Payload[]
}

/** National rows → components with their papers: rows of one component that stand together share it. */
export function componentsOf(rows: readonly Payload[]): readonly Payload[] {
  const components: Component[] = []
  for (const row of rows) {
    const [head, paper] = parted(row, componentNames)
    const papers = Object.keys(paper).length === 0 ? [] : [theirPaper(paper)]
    const last = components.at(-1)
    if (last !== undefined && shares(last, { head, papers }))
      components[components.length - 1] = { head, papers: [...last.papers, ...papers] }
    else components.push({ head, papers })
  }
  return components.map(({ head, papers }) => ({
    ...formed(head, { SoLuong: whole, LoaiBan: whole }),
    GiayToDinhKem: papers,
  }))
}

const shares = (last: Component, next: Component): boolean =>
  last.papers.length > 0 && next.papers.length > 0 && JSON.stringify(last.head) === JSON.stringify(next.head)

function theirPaper({ DuongDanTaiTepTin: place = '', ...paper }: Payload): Payload {
  const row = renamed(paper, theirNames)
  const file = readFileLink(textOf(place))
  if (file !== null && file.id === row['IdGiayTo']) return { ...row, HashTepTin: file.digest }
  return place === '' ? row : { ...row, DuongDanTaiTepTin: place }
}

const resultList = 'DanhSachGiayToKetQua'

/** Every paper of a call's body, each as `change` has it. */
export type Papers = (body: Json, change: (paper: Payload) => Payload) => Json

const within = (row: Payload, list: string, act: (each: Payload) => Payload): Payload => {
  const rows = row[list]
  return rows === undefined ? row : { ...row, [list]: eachRow(rows, act) }
}

/** The papers of a create's components. */
export const submittedPapers: Papers = (body, change) =>
  eachRow(body, (row) =>
    within(row, 'ThanhPhanHoSo', (component) => within(component, 'GiayToDinhKem', change)),
  )

/** The same and those of results. */
export const allPapers: Papers = (body, change) =>
  eachRow(submittedPapers(body, change), (row) => within(row, resultList, change))

const resultNames = record({ [resultList]: list(record({ IdGiayTo: code, HashTepTin: code })) })

/** Results that an upload has answered, told by their id and SHA-256, as links. */
export const withResultLinks = (row: Payload): Payload =>
  within(
    canonical(resultNames, row) as Payload,
    resultList,
    ({ IdGiayTo: id = '', HashTepTin: hash = '', ...result }) => {
      const link = fileLink({ id: textOf(id), digest: textOf(hash).toLowerCase() })
      if (readFileLink(link) !== null) return { ...result, GiayToId: id, DuongDanTepTinKetQua: link }
      return { ...result, ...(id !== '' && { IdGiayTo: id }), ...(hash !== '' && { HashTepTin: hash }) }
    },
  )
