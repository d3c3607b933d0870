import { defaultLocale, locales } from './locales.ts'

/**
 * Picks the supported locale for preferences in order: the person's setting, the tenant's default, then the browser's list.
 * A preference may also be an `Accept-Language` header (RFC 9110, weights respected). An exact match of any preference in one
 * entry wins over its language; `es-AR` becomes `es`, `pt` becomes `pt-BR`. Without any match: `es`.
 */
export function negotiateLocale(
  preferences: readonly (string | undefined | null)[],
  supported: readonly string[] = locales,
): string {
  for (const preference of preferences) {
    for (const tag of tagsOf(preference ?? '')) {
      const match = matchTag(tag, supported)
      if (match !== undefined) return match
    }
  }
  return supported.includes(defaultLocale) ? defaultLocale : (supported[0] ?? defaultLocale)
}

function tagsOf(header: string): string[] {
  return header
    .split(',')
    .map((part) => {
      const [tag = '', ...parameters] = part.trim().split(';')
      const weight = parameters.map((p) => /^\s*q=([\d.]+)\s*$/.exec(p)?.[1]).find((q) => q !== undefined)
      return { tag: tag.trim().toLowerCase(), weight: weight === undefined ? 1 : Number(weight) }
    })
    .filter(({ tag, weight }) => tag !== '' && tag !== '*' && weight > 0)
    .sort((a, b) => b.weight - a.weight)
    .map(({ tag }) => tag)
}

function matchTag(tag: string, supported: readonly string[]): string | undefined {
  const exact = supported.find((locale) => locale.toLowerCase() === tag)
  if (exact !== undefined) return exact
  const language = tag.split('-')[0]
  return (
    supported.find((locale) => locale.toLowerCase() === language) ??
    supported.find((locale) => locale.toLowerCase().split('-')[0] === language)
  )
}
