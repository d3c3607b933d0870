import type { Field } from '../config/fields.ts'
import { below } from '../config/origin.ts'
import type { ConfigAnswer, Level } from '../config/types.ts'

/** Settings without which a plugin does not begin: those that have to have a value and get one from nowhere yet. */
export function askedFields(config: ConfigAnswer, level: Level, fields: readonly Field[]): Field[] {
  return fields.filter(
    ({ kind, path }) => kind !== 'secret' && isNeeded(config, level, path) && !isHeld(config, level, path),
  )
}

const isHeld = (config: ConfigAnswer, level: Level, path: readonly string[]) =>
  below(config, level, path).value !== undefined

/** What an object must have is needed where the object itself is, or is there already. */
function isNeeded(config: ConfigAnswer, level: Level, path: readonly string[]): boolean {
  let node = config.schema ?? undefined
  for (const [depth, name] of path.entries()) {
    const isRequired = node?.required?.includes(name) ?? false
    if (!isRequired && (depth === path.length - 1 || !isHeld(config, level, path.slice(0, depth + 1)))) return false
    node = node?.properties?.[name]
  }
  return true
}
