import { localeChain } from '@dcesop/sdk-plugin/i18n'
import { useI18n } from '@dcesop/sdk-plugin/ui'
import type { JsonSchema } from '../api/manifest.ts'
import type { Field, FieldGroup } from './fields.ts'
import { fieldOf } from './mistakes.ts'
import { pathOf } from './pointer.ts'
import type { ConfigAnswer } from './types.ts'

export interface Told {
  readonly text: string
  /** Where the words are not in the person's language: the schema has one only. */
  readonly lang: 'en' | undefined
}

type Named = Pick<Field | FieldGroup, 'path' | 'schema'>

/**
 * The words for settings: of the plugin's catalogues (`config.<path>`, with `.hint`, `.unit` and `.value.<value>` behind it), else
 * the schema's `title` and `description`, else the name itself.
 */
export function useFieldTexts(config: () => ConfigAnswer) {
  const i18n = useI18n()
  const own = (id: string): string | undefined =>
    localeChain(i18n.locale).flatMap((locale) => config().texts[locale]?.[id] ?? [])[0]
  const idOf = (path: readonly string[], more = '') => `config.${path.join('.')}${more}`

  function title({ path, schema }: Named): Told {
    const text = own(idOf(path))
    if (text !== undefined) return { text, lang: undefined }
    return { text: schema.title ?? spaced(path.at(-1) ?? ''), lang: 'en' }
  }
  function hint({ path, schema }: Named): Told | undefined {
    const text = own(idOf(path, '.hint'))
    if (text !== undefined) return { text, lang: undefined }
    return schema.description === undefined ? undefined : { text: schema.description, lang: 'en' }
  }
  const unit = ({ path }: Named): string | undefined => own(idOf(path, '.unit'))
  const choice = ({ path }: Named, one: unknown): string => own(idOf(path, `.value.${String(one)}`)) ?? String(one)

  function value(field: Field, given: unknown): string {
    if (given === undefined) return i18n.t('config.none')
    switch (field.kind) {
      case 'boolean':
        return i18n.t(given === true ? 'config.yes' : 'config.no')
      case 'number':
      case 'integer': {
        const text = typeof given === 'number' ? i18n.n(given, { maximumFractionDigits: 10 }) : JSON.stringify(given)
        const of = unit(field)
        return of === undefined ? text : `${text}\u00a0${of}`
      }
      case 'choice':
        return choice(field, given)
      case 'text':
        return given === '' ? i18n.t('config.emptyText') : String(given)
      case 'list':
        return Array.isArray(given) && given.length > 0
          ? given.map((one) => choice(field, one)).join(', ')
          : i18n.t('config.emptyList')
      default:
        return JSON.stringify(given)
    }
  }
  /** Bounds and the usual value, as far as the schema has them. */
  function limits(field: Field): string {
    const { schema } = field
    const list = field.kind === 'list'
    return [bounds(schema, i18n, list), field.required ? i18n.t('config.required') : ''].filter(Boolean).join(' ')
  }
  /** A setting by its pointer, also one that the schema of now has no more. */
  function nameOf(fields: readonly Field[], groups: readonly FieldGroup[], pointer: string): Told {
    // Of a value that is edited as JSON, a change may be told of what is inside.
    const field = fieldOf(fields, pointer)
    if (!field) return { text: pathOf(pointer).join(' › '), lang: 'en' }
    const group = groups.find((one) => one.fields.includes(field))
    const name = title(field)
    if (!group || group.path.length === 0) return name
    return { text: `${title(group).text} › ${name.text}`, lang: name.lang }
  }
  return { title, hint, unit, choice, value, limits, nameOf }
}

function bounds(schema: JsonSchema, i18n: Pick<ReturnType<typeof useI18n>, 't' | 'n'>, list: boolean): string {
  const [least, most, id] = list
    ? [schema.minItems, schema.maxItems, 'items']
    : schema.type === 'string'
      ? [schema.minLength, schema.maxLength, 'length']
      : [schema.minimum ?? schema.exclusiveMinimum, schema.maximum ?? schema.exclusiveMaximum, 'range']
  const values = { least: i18n.n(least ?? 0), most: i18n.n(most ?? 0) }
  if (least !== undefined && most !== undefined) return i18n.t(`config.limits.${id}`, values)
  if (least !== undefined) return i18n.t(`config.limits.${id}.least`, values)
  return most === undefined ? '' : i18n.t(`config.limits.${id}.most`, values)
}

/** `rawHours` as people read it: Raw hours. */
function spaced(name: string): string {
  const words = name
    .replaceAll(/[-_]+/g, ' ')
    .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
    .toLowerCase()
  return words.charAt(0).toUpperCase() + words.slice(1)
}
