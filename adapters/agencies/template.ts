import { z } from 'zod'

const placeholder = /\{([A-Za-z]+)\}/g

/** A text with `{Name}` where a value is to stand. Refuses a name that is not among these, and any other brace. */
export function templateOf(names: readonly string[], max = 4_000) {
  return z
    .string()
    .max(max)
    .refine((text) => placeholdersIn(text).every((name) => names.includes(name)), {
      message: `a placeholder is none of ${names.join(', ')}`,
    })
    .refine((text) => !/[{}]/.test(text.replace(placeholder, '')), { message: 'a brace stands alone' })
}

export const placeholdersIn = (template: string): readonly string[] =>
  [...template.matchAll(placeholder)].map(([, name = '']) => name)

type Values = Readonly<Record<string, string>>

/** Puts values where their names stand, each written once as `write` says; what a value holds is never read as a placeholder. */
export function fill(template: string, values: Values, write: (value: string) => string = String): string {
  return template.replace(placeholder, (_all, name: string) =>
    write(Object.hasOwn(values, name) ? (values[name] ?? '') : ''),
  )
}

/** The same line by line: a line whose values are all empty is left out. */
export function fillLines(template: string, values: Values): string {
  const isSaid = (line: string) => {
    const names = placeholdersIn(line)
    return names.length === 0 || names.some((name) => (values[name] ?? '') !== '')
  }
  return template
    .split('\n')
    .filter(isSaid)
    .map((line) => fill(line, values))
    .join('\n')
}
