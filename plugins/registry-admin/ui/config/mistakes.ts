import type { I18n } from '@dcesop/sdk-plugin/ui'
import type { Field } from './fields.ts'
import { pathOf } from './pointer.ts'
import type { Json, Mistake } from './types.ts'

/** Keywords whose limit is a number. */
const limits = new Set([
  ...['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'],
  ...['minLength', 'maxLength', 'minItems', 'maxItems', 'minProperties', 'maxProperties'],
])

/** What the host has against a value, in the person's language. */
export function mistakeText({ rule, params }: Mistake, i18n: Pick<I18n, 't' | 'n' | 'list'>): string {
  if (limits.has(rule)) return i18n.t(`config.wrong.${rule}`, { limit: i18n.n(Number(params['limit'])) })
  switch (rule) {
    case 'type': {
      const types = [params['type']].flat().map((type) => i18n.t(`settings.type.${String(type)}`))
      return i18n.t('config.wrong.type', { types: i18n.list(types) })
    }
    case 'enum':
      return i18n.t('config.wrong.enum', {
        values: ((params['allowedValues'] ?? []) as unknown[]).map(String).join(', '),
      })
    case 'pattern':
      return i18n.t('config.wrong.pattern', { pattern: String(params['pattern']) })
    case 'multipleOf':
      return i18n.t('config.wrong.multipleOf', { step: i18n.n(Number(params['multipleOf'])) })
    case 'required':
    case 'additionalProperties':
    case 'uniqueItems':
      return i18n.t(`config.wrong.${rule}`)
    case 'secret':
      return i18n.t(params['missing'] === true ? 'config.wrong.secret.missing' : 'config.wrong.secret')
    default:
      return i18n.t('config.wrong.other', { rule })
  }
}

/** The setting that a mistake is about, or in whose value it is; undefined for the configuration as a whole. */
export function fieldOf<One extends Pick<Field, 'path'>>(fields: readonly One[], pointer: string): One | undefined {
  const path = pathOf(pointer)
  return fields.find((field) => field.path.every((name, index) => path[index] === name))
}

/** Mistakes by the pointer of their setting, as sentences; those of no setting under the empty one. */
export function mistakesBy(
  fields: readonly Field[],
  mistakes: readonly Mistake[],
  i18n: Pick<I18n, 't' | 'n' | 'list'>,
): Readonly<Record<string, string>> {
  const told: Record<string, string> = {}
  for (const mistake of mistakes) {
    const field = fieldOf(fields, mistake.pointer)
    const inside = pathOf(mistake.pointer).slice(field?.path.length ?? 0)
    const text = mistakeText(mistake, i18n)
    // The place in a list as people count it.
    const place = inside.map((name) => (/^\d+$/.test(name) ? String(Number(name) + 1) : name)).join(' › ')
    const sentence = place === '' ? text : i18n.t('config.wrong.inside', { place, text })
    const key = field?.pointer ?? ''
    told[key] = told[key] === undefined ? sentence : `${told[key]} ${sentence}`
  }
  return told
}

export const mistakesIn = (extensions: Json): readonly Mistake[] =>
  (extensions['mistakes'] as readonly Mistake[] | undefined) ?? []
