import { z } from 'zod'

/** Names that the writer of XML would take for something else. */
const reserved = ['attributes', '_xml', '_xmlns', '__proto__']

export const ElementName = z
  .string()
  .regex(/^[A-Za-z_][\w.-]{0,99}$/)
  .refine((name) => !reserved.includes(name), 'a reserved name')

/** Names joined by dots; `$id`, `$sender`, `$action`, `$subjectKey` and `$sentAt` are of the message itself, `$row` is a row that is a value. */
export const FieldPath = z.string().regex(/^\$?[^.$\s][^.$]{0,99}(?:\.[^.$]{1,100}){0,9}$/)

/**
 * An element with a text: from the payload, in another form or under another code where asked; once, or once for each row of the list
 * at `each`, where `from` then begins.
 */
const TextField = z.strictObject({
  each: FieldPath.exactOptional(),
  from: FieldPath.exactOptional(),
  /** What stands there when the payload has nothing; without it the element is left out. */
  otherwise: z.string().max(1000).exactOptional(),
  as: z.enum(['text', 'dateTime', 'date', 'json']).default('text'),
  /** Value in the payload → value of the recipient. */
  values: z.record(z.string().max(200), z.string().max(200)).exactOptional(),
})
export type TextField = z.infer<typeof TextField>

/** An element with elements in it: once, or once for each row of the list at `each`, whose paths then begin at the row. */
export interface GroupField {
  readonly each?: string
  readonly fields: Fields
}

export type Field = string | TextField | GroupField
export interface Fields {
  readonly [element: string]: Field
}

/** Element → where its content comes from: a path, a text or a group. */
export const Fields: z.ZodType<Fields> = z.lazy(() =>
  z.record(ElementName, z.union([FieldPath, TextField, GroupField])),
)

const GroupField = z.strictObject({ each: FieldPath.exactOptional(), fields: Fields })
