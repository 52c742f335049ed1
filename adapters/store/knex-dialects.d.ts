// Knex documents its dialect classes as the base of own clients, but ships no types for them.
declare module 'knex/lib/dialects/better-sqlite3/index.js' {
  import type { Knex } from 'knex'
  export default class BetterSqliteClient extends Knex.Client {
    constructor(config: Knex.Config)
    connectionSettings: { filename: string }
    acquireConnection(): Promise<unknown>
    _driver(): unknown
    _query(connection: unknown, query: unknown): Promise<unknown>
  }
}

declare module 'knex/lib/dialects/mysql2/index.js' {
  import type { Knex } from 'knex'
  export default class Mysql2Client extends Knex.Client {
    constructor(config: Knex.Config)
    _query(connection: unknown, query: unknown): Promise<unknown>
  }
}
