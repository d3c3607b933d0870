import { useI18n } from '@dcesop/sdk-plugin/ui'
import { languageName } from './language-name.ts'

const countries: Readonly<Record<string, string>> = { br: 'BR', mx: 'MX', co: 'CO' }

/** Names of countries and languages in the language of the screen. */
export function useNames() {
  const i18n = useI18n()
  return {
    /** Country of a region. */
    region: (region: string): string => {
      const country = countries[region]
      return (country && new Intl.DisplayNames(i18n.locale, { type: 'region' }).of(country)) ?? region.toUpperCase()
    },
    language: (tag: string): string => languageName(tag, i18n.locale),
  }
}
