/** A language as its name stands alone: Spanish and Portuguese write it small within a sentence only. @param tag BCP 47 */
export function languageName(tag: string, locale: string): string {
  const name = new Intl.DisplayNames(locale, { type: 'language' }).of(tag) ?? tag
  return name.charAt(0).toLocaleUpperCase(locale) + name.slice(1)
}
