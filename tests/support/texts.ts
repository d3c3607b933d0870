import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { createI18n } from '@dcesop/sdk-plugin/i18n'

const root = path.resolve(import.meta.dirname, '../..')
const places: Readonly<Record<string, string>> = {
  shell: 'shell/src/locales',
  sdk: 'sdk-plugin/src/ui/locales',
  gallery: 'sdk-plugin/src/ui/gallery/locales',
  customers: 'plugins/customers/locales',
  diagnostics: 'plugins/diagnostics/locales',
  'registry-admin': 'plugins/registry-admin/locales',
}
const locales = ['es', 'es-MX', 'es-CO', 'pt-BR', 'en'] as const
export type Locale = (typeof locales)[number]

/** The text that a person reads for a message id: specs name what is meant and work in every language. */
export function textsOf(place: keyof typeof places, locale: Locale) {
  const folder = path.join(root, places[place] as string)
  const catalogues = Object.fromEntries(
    locales
      .filter((code) => existsSync(path.join(folder, `${code}.json`)))
      .map((code) => [
        code,
        JSON.parse(readFileSync(path.join(folder, `${code}.json`), 'utf8')) as Record<string, string>,
      ]),
  )
  const i18n = createI18n({ locale, catalogues })
  return (id: string, values?: Record<string, unknown>) => i18n.t(id, values)
}
