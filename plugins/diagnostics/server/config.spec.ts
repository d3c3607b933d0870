import manifest from '../dcesop.plugin.json' with { type: 'json' }
import { settingsFrom } from './config.ts'

interface Schema {
  readonly default?: unknown
  readonly properties?: Readonly<Record<string, Schema>>
}

it('the defaults that administrators see are those that hold', () => {
  const shown = defaultsOf(manifest.config.schema)
  expect(settingsFrom(shown as never)).toEqual(settingsFrom(undefined))
  expect(shown).toHaveProperty('retention.rawHours')
})

function defaultsOf({ properties, default: given }: Schema): unknown {
  if (!properties) return given
  return Object.fromEntries(Object.entries(properties).map(([name, inner]) => [name, defaultsOf(inner)]))
}
