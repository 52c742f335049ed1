import type { Agency } from '../../../schemas/agency.ts'

/** The body that a caller means by a code: its own in either generation, such as `000.00.00.H49`, one that its options name, or any other. */
export function unitOf(
  code: string,
  {
    agency,
    options,
  }: { readonly agency: Agency; readonly options: { readonly units: Readonly<Record<string, string>> } },
): string {
  if (Object.hasOwn(options.units, code)) return options.units[code] ?? agency.code
  const isOwn = code === '' || code === agency.code || isOlderForm(code, agency.code)
  return isOwn ? agency.code : code
}

const isOlderForm = (text: string, code: string): boolean =>
  text.endsWith(`.${code}`) && /^\d{3}\.\d{2}\.\d{2}$/.test(text.slice(0, -code.length - 1))
