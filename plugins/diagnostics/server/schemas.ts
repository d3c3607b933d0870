/** JSON Schema parts that several routes use. */
export const region = { type: 'string', pattern: '^[a-z]{2,10}$' } as const
export const id = { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9._:-]{0,119}$' } as const
export const dateTime = { type: 'string', format: 'date-time', maxLength: 40 } as const

type Properties = Readonly<Record<string, unknown>>

/** A closed object whose properties are all required but those named optional. */
export function closed(properties: Properties, optional: readonly string[] = []): Readonly<Record<string, unknown>> {
  return {
    type: 'object',
    additionalProperties: false,
    required: Object.keys(properties).filter((name) => !optional.includes(name)),
    properties,
  }
}
