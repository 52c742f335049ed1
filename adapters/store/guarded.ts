import { toPortError } from './failures.ts'

type Functions = Readonly<Record<string, (...args: never[]) => Promise<unknown>>>

/** The same functions, with the errors of the database turned into those of the port. */
export function guarded<T extends { readonly [K in keyof T]: (...args: never[]) => Promise<unknown> }>(
  functions: T,
): T {
  const wrapped = Object.entries(functions as unknown as Functions).map(([name, run]) => {
    const guard = async (...args: never[]): Promise<unknown> => {
      try {
        return await run(...args)
      } catch (error) {
        throw toPortError(error)
      }
    }
    return [name, guard] as const
  })
  // The entries are those of T, under the same names.
  return Object.fromEntries(wrapped) as unknown as T
}
