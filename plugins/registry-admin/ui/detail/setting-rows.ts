import type { JsonSchema } from '../api/manifest.ts'

export interface SettingRow {
  readonly path: string
  /** Names of JSON types, `integer` for example. */
  readonly types: readonly string[]
  readonly limits: string
  readonly about: string
}

/** The leaves of a schema, each by its path. @param number puts a limit into words */
export function settingRows(
  schema: JsonSchema | undefined,
  number: (value: number) => string,
  path = '',
): SettingRow[] {
  return Object.entries(schema?.properties ?? {}).flatMap(([name, property]) => {
    const own = path === '' ? name : `${path}.${name}`
    if (property.properties) return settingRows(property, number, own)
    return [
      {
        path: own,
        types: [property.type ?? []].flat(),
        limits: limitsOf(property, number),
        about: property.description ?? '',
      },
    ]
  })
}

function limitsOf(
  { minimum, maximum, enum: values, default: usual }: JsonSchema,
  number: (value: number) => string,
): string {
  const end = (value: number | undefined) => (value === undefined ? '…' : number(value))
  const range = minimum === undefined && maximum === undefined ? '' : `${end(minimum)} – ${end(maximum)}`
  const choice = values ? values.map(String).join(' | ') : ''
  const given = usual === undefined ? '' : `= ${JSON.stringify(usual)}`
  return [range, choice, given].filter(Boolean).join(' ')
}
