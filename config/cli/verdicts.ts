import { fields } from './screen.ts'

const names: ReadonlyMap<string, string> = new Map([
  ['done', 'xong · done'],
  ['at_end', 'xong, xếp cuối luồng · done, at the end of its lane'],
  ['already', 'không còn gì để làm · nothing was left to do'],
  ['over', 'đã kết thúc · already settled'],
])

/** What came of mending a delivery, in words. */
export function verdictName(result: string): string {
  return names.get(result) ?? result
}

/** What the gateway answers of one delivery that was mended. */
export function verdictText(id: string | undefined, answer: unknown): string {
  const { result, warning } = answer as { readonly result: string; readonly warning: string | null } // the row of the endpoint
  return fields([
    ['lượt · delivery', id],
    ['kết quả · result', verdictName(result)],
    ['lưu ý · warning', warning],
  ])
}
