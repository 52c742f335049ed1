import type { Json, Payload } from './message.ts'

/** Whether a value of JSON is an object, and no list. */
export const isObject = (value: unknown): value is Payload =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The object that a value of JSON is; one without fields where it is none. */
export const objectIn = (value: unknown): Payload => (isObject(value) ? value : {})

/** Whether a value of JSON is a list; unlike `Array.isArray`, of values that may not be changed. */
export const isList = (value: Json): value is readonly Json[] => Array.isArray(value)
