import type { I18n } from '../host.ts'
import { useClock } from './clock.ts'
import { useI18nSource } from './injection.ts'

/** The plugin's texts in the shell's language. Each call reads the current locale, so templates follow a switch. */
export function useI18n(): I18n {
  return reactiveI18n(useI18nSource(), useClock())
}

/** Wraps a changing source; `tick` makes relative times age. */
export function reactiveI18n(source: () => I18n, tick: { readonly value: number }): I18n {
  return {
    get locale() {
      return source().locale
    },
    t: (id, values) => source().t(id, values),
    n: (value, options) => source().n(value, options),
    d: (value, options) => source().d(value, options),
    money: (minorUnits, currency) => source().money(minorUnits, currency),
    list: (items) => source().list(items),
    relTime: (value) => (tick.value, source().relTime(value)),
    unit: (value, unit, digits) => source().unit(value, unit, digits),
  }
}
