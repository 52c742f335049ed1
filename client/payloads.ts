import type { z } from 'zod'
import type { ActionName, actions } from '../schemas/actions.ts'
import type { RowsOf } from '../schemas/fields.ts'
import type { Payload } from '../schemas/message.ts'

/** What a sender may write where a schema reads: the fields that the schema names, and no others. */
type Written<Schema> =
  Schema extends z.ZodObject<infer Shape>
    ? keyof Shape extends never
      ? Payload
      : WrittenFields<Shape>
    : Schema extends z.ZodArray<z.ZodUnknown> & RowsOf<infer Row>
      ? readonly Written<Row>[]
      : Schema extends z.ZodOptional<infer Inner>
        ? Written<Inner> | undefined
        : Schema extends z.ZodPipe<z.core.SomeType, infer Out>
          ? Written<Out>
          : z.output<Schema>

type WrittenFields<Shape> = {
  readonly [Name in keyof Shape as undefined extends Written<Shape[Name]> ? never : Name]: Written<
    Shape[Name]
  >
} & {
  readonly [Name in keyof Shape as undefined extends Written<Shape[Name]> ? Name : never]?: Exclude<
    Written<Shape[Name]>,
    undefined
  >
}

/**
 * The payload of an action, with the national field names. An action that is known only at run time (`string`) takes any payload;
 * so does a payload with fields that no schema names, which the gateway carries untouched.
 */
export type PayloadOf<Action extends string> = Action extends ActionName
  ? Written<(typeof actions)[Action]['schema']>
  : Payload
