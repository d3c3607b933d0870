import type { JsonSchema } from '../api/manifest.ts'
import { pointerOf } from './pointer.ts'

/** How a setting is edited: `json` is what no form can be drawn for, `secret` is only named. */
export type FieldKind = 'boolean' | 'number' | 'integer' | 'text' | 'choice' | 'list' | 'json' | 'secret'

export interface Field {
  readonly path: readonly string[]
  readonly pointer: string
  readonly kind: FieldKind
  readonly schema: JsonSchema
  /** Whether it has to have a value from somewhere. */
  readonly required: boolean
}

/** Settings that belong together, under the name of the object that holds them; the first is the configuration itself. */
export interface FieldGroup {
  readonly path: readonly string[]
  readonly pointer: string
  readonly schema: JsonSchema
  readonly fields: readonly Field[]
}

const simple = new Set(['string', 'number', 'integer'])

/** The groups of a schema in its own order, outer before inner; without those that have no settings of their own. */
export function fieldGroups(
  schema: JsonSchema,
  secrets: readonly string[],
  path: readonly string[] = [],
): FieldGroup[] {
  const entries = Object.entries(schema.properties ?? {})
  const isGroup = (name: string, inner: JsonSchema) =>
    canDrawMembers(inner) && !secrets.includes(pointerOf([...path, name]))
  const fields = entries
    .filter(([name, inner]) => !isGroup(name, inner))
    .map(([name, inner]): Field => {
      const own = [...path, name]
      const pointer = pointerOf(own)
      const kind = secrets.includes(pointer) ? 'secret' : kindOf(inner)
      return { path: own, pointer, kind, schema: inner, required: schema.required?.includes(name) ?? false }
    })
  return [
    ...(fields.length > 0 ? [{ path, pointer: pointerOf(path), schema, fields }] : []),
    ...entries
      .filter(([name, inner]) => isGroup(name, inner))
      .flatMap(([name, inner]) => fieldGroups(inner, secrets, [...path, name])),
  ]
}

/** Whether everything that an object may hold is named, so that a form hides nothing of it. */
function canDrawMembers({ type, properties, additionalProperties, patternProperties, ...more }: JsonSchema): boolean {
  if (type !== 'object' || !properties || Object.keys(properties).length === 0) return false
  const isOpen = additionalProperties !== undefined && additionalProperties !== false
  return !isOpen && patternProperties === undefined && !isCombined(more)
}

function kindOf(schema: JsonSchema): FieldKind {
  if (isCombined(schema)) return 'json'
  if (schema.enum) return schema.enum.every((one) => ['string', 'number'].includes(typeof one)) ? 'choice' : 'json'
  switch (schema.type) {
    case 'boolean':
    case 'number':
    case 'integer':
      return schema.type
    case 'string':
      return 'text'
    case 'array':
      return isSimple(schema.items) ? 'list' : 'json'
    default:
      return 'json'
  }
}

function isSimple(items: JsonSchema | undefined): boolean {
  return items !== undefined && !isCombined(items) && typeof items.type === 'string' && simple.has(items.type)
}

/** What depends on more than the value itself is better seen as a whole. */
function isCombined(schema: JsonSchema): boolean {
  return ['$ref', 'anyOf', 'oneOf', 'allOf', 'not', 'if', 'const'].some((keyword) => Object.hasOwn(schema, keyword))
}
