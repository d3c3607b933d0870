import type { AtRule, Root } from 'postcss'

/** At-rules that name something for the whole document, whatever the layer or the selector around them. */
const named = new Set(['keyframes', 'counter-style', 'property', 'font-palette-values', 'position-try', 'function'])
const families = new Set(['font-face', 'font-feature-values'])
/** They count for the whole document and have no name. */
const nameless = new Set(['page', 'view-transition', 'import'])

/**
 * At-rules of a stylesheet that take hold of the whole document: two plugins, or a plugin and the shell, would share the name.
 * @param id of the plugin; names that begin with it are its own
 */
export function sharedNames(sheet: Root, id: string): string[] {
  const found: string[] = []
  sheet.walkAtRules((rule) => {
    const kind = rule.name.toLowerCase().replace(/^-[a-z]+-/, '')
    if (nameless.has(kind)) found.push(`@${rule.name}`)
    if (isEscaped(rule)) found.push(`@${rule.name}${rule.params}`)
    if (!named.has(kind) && !families.has(kind)) return
    const name = families.has(kind) ? familyOf(rule) : rule.params.replace(/[\s(].*$/s, '')
    if (!isOwn(name, id)) found.push(`@${rule.name} ${name}`)
  })
  return [...new Set(found)]
}

/** A browser reads `@i\6dport` as `@import`; here it is `@i` with the rest behind it. */
function isEscaped({ params, raws }: AtRule): boolean {
  return params.startsWith('\\') && !raws.afterName
}

function familyOf(rule: AtRule): string {
  let family = rule.params
  rule.walkDecls(/^font-family$/i, ({ value }) => void (family = value))
  return family.replace(/["']/g, '')
}

/** Keyframes of a scoped style end with the component's own number. */
function isOwn(name: string, id: string): boolean {
  const plain = name.replace(/^--/, '')
  return plain === id || plain.startsWith(`${id}-`) || /-[0-9a-f]{8}$/.test(plain)
}
