/** A value as both drivers take it: no boolean, no Date, no undefined. */
export type Value = string | number | Uint8Array | null

/** Rows for one INSERT, handed to the client apart from its text: each engine has its own fast way to write many. */
export interface Many {
  readonly rows: readonly (readonly Value[])[]
  /** What follows the values, such as an upsert clause. */
  readonly suffix: string
  /** The rows hold large bytes. */
  readonly big: boolean
}

/** A query as knex hands it to its client. */
export interface Statement {
  sql: string
  readonly bindings?: readonly Value[]
  readonly options?: {
    readonly many?: Many
    /** From here on the statements of its connection are cut when they take long, or not. */
    readonly hurry?: boolean
  }
  response?: unknown
  context?: unknown
}

const tuple = (width: number): string => `(${Array.from({ length: width }, () => '?').join(', ')})`

/** `?` for `rows` tuples of `width` values. */
export const placeholders = (width: number, rows: number): string =>
  Array.from({ length: rows }, () => tuple(width)).join(', ')
