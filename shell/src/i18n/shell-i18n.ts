import { type Catalogue, createI18n, localeChain } from '@dcesop/sdk-plugin/i18n'
import type { I18n } from '@dcesop/sdk-plugin/ui'

const loaders: Readonly<Record<string, () => Promise<{ default: Catalogue }>>> = {
  es: () => import('../locales/es.json'),
  'es-MX': () => import('../locales/es-MX.json'),
  'es-CO': () => import('../locales/es-CO.json'),
  'pt-BR': () => import('../locales/pt-BR.json'),
  en: () => import('../locales/en.json'),
}

/** The shell's own texts. Rejects when a catalogue cannot be fetched. */
export async function loadShellI18n(locale: string): Promise<I18n> {
  const chain = localeChain(locale)
  const catalogues = await Promise.all(
    chain.map(async (each) => [each, (await loaders[each]?.())?.default ?? {}] as const),
  )
  return createI18n({ locale, catalogues: Object.fromEntries(catalogues) })
}
