import { negotiateLocale } from '../../i18n/index.ts'

/**
 * The language of whoever types: what DCESOP_LANG says, or the terminal's by POSIX, or the system's where neither says one, as on
 * Windows. English for a language that is not spoken here.
 */
export function languageOf(
  { DCESOP_LANG, LC_ALL, LC_MESSAGES, LANG }: NodeJS.ProcessEnv,
  system = () => new Intl.DateTimeFormat().resolvedOptions().locale,
): string {
  // Set to nothing is not set, as POSIX has it.
  const named = [DCESOP_LANG, LC_ALL, LC_MESSAGES, LANG].find((one) => one) ?? system()
  // es_CO.UTF-8@modifier
  return negotiateLocale([named.replace(/[.@].*$/, '').replaceAll('_', '-'), 'en'])
}
