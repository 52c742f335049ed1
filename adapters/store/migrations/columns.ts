import type { Knex } from 'knex'

type Table = Knex.CreateTableBuilder
type Column = Knex.ColumnBuilder

/** Bytes of a UUID or of a lane. */
export const idColumn = (table: Table, name: string): Column => table.specificType(name, 'binary(16)')
/** A SHA-256. */
export const hashColumn = (table: Table, name: string): Column => table.specificType(name, 'binary(32)')
/** A code of a table of ours or of the registry: short, and may be indexed. */
export const codeColumn = (table: Table, name: string): Column => table.string(name, 100)
/** Milliseconds since 1970, or a span of them. */
export const msColumn = (table: Table, name: string): Column => table.bigInteger(name)
/** Text of another's making, of any length. */
export const textColumn = (table: Table, name: string): Column => table.specificType(name, 'mediumtext')
