import type { JsonSchema } from '../api/types.ts'

export interface SettingRow {
  readonly path: string
  /** Names of JSON types, `integer` for example. */
  readonly types: readonly string[]
  readonly limits: string
  readonly about: string
}

/** The leaves of a schema, each by its path. */
export function settingRows(schema: JsonSchema | undefined, path = ''): SettingRow[] {
  return Object.entries(schema?.properties ?? {}).flatMap(([name, property]) => {
    const own = path === '' ? name : `${path}.${name}`
    if (property.properties) return settingRows(property, own)
    return [
      {
        path: own,
        types: [property.type ?? []].flat(),
        limits: limitsOf(property),
        about: property.description ?? '',
      },
    ]
  })
}

function limitsOf({ minimum, maximum, enum: values, default: usual }: JsonSchema): string {
  const range = minimum === undefined && maximum === undefined ? '' : `${minimum ?? '…'} – ${maximum ?? '…'}`
  const choice = values ? values.map(String).join(' | ') : ''
  const given = usual === undefined ? '' : `= ${JSON.stringify(usual)}`
  return [range, choice, given].filter(Boolean).join(' ')
}
