/** Remembers one Intl formatter per locale and options; making one costs some hundred times more than using it. */
export function intlCache<Options extends object, Formatter>(
  make: (locale: string, options: Options) => Formatter,
): (locale: string, options: Options) => Formatter {
  const cache = new Map<string, Formatter>()
  return (locale, options) => {
    const key = `${locale}|${JSON.stringify(options)}`
    let formatter = cache.get(key)
    if (formatter === undefined) {
      formatter = make(locale, options)
      cache.set(key, formatter)
    }
    return formatter
  }
}

export const numberFormat = intlCache(
  (locale, options: Intl.NumberFormatOptions) => new Intl.NumberFormat(locale, options),
)
export const dateFormat = intlCache(
  (locale, options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, options),
)
export const listFormat = intlCache((locale, options: Intl.ListFormatOptions) => new Intl.ListFormat(locale, options))
export const relativeFormat = intlCache(
  (locale, options: Intl.RelativeTimeFormatOptions) => new Intl.RelativeTimeFormat(locale, options),
)
