import type { AnnouncementLevel } from '../announcer/announcer.ts'

export const themes = ['auto', 'light', 'dark', 'contrast'] as const
export const densities = ['comfortable', 'compact'] as const
/** Percent of the browser's own size. */
export const textSizes = [100, 125, 150, 175, 200] as const
/** `auto` follows the system. */
export const motions = ['auto', 'none'] as const
export const announcementLevels = ['all', 'critical', 'none'] as const satisfies readonly AnnouncementLevel[]
export const locales = ['es', 'es-MX', 'es-CO', 'pt-BR', 'en'] as const

export type ThemeChoice = (typeof themes)[number]
export type Theme = Exclude<ThemeChoice, 'auto'>
export type Density = (typeof densities)[number]
export type TextSize = (typeof textSizes)[number]
export type Motion = (typeof motions)[number]
export type Locale = (typeof locales)[number]
/** The test locale is nobody's choice: it is stored by whoever looks for text that is not translated. */
const knownLocales = [...locales, 'qps-ploc'] as const

/** How the console looks and listens, most of it applied before first paint; the only data that the shell keeps in localStorage. */
export interface Appearance {
  readonly theme: ThemeChoice
  readonly density: Density
  readonly locale: (typeof knownLocales)[number]
  readonly textSize: TextSize
  readonly motion: Motion
  /** What the live regions say. */
  readonly announcements: AnnouncementLevel
  /** Whether single letters are shortcuts (WCAG 2.1.4). */
  readonly letters: boolean
}

const storageKey = 'dcesop.appearance'

const oneOf = <T extends string | number>(values: readonly T[], value: unknown): T | undefined =>
  values.find((candidate) => candidate === value)

/** The supported locale nearest to a list of BCP 47 tags, most wanted first; Spanish when none is near. */
export function negotiateLocale(wanted: readonly string[]): Locale {
  for (const tag of wanted) {
    const exact = locales.find((locale) => locale.toLowerCase() === tag.toLowerCase())
    if (exact !== undefined) return exact
    const language = tag.split('-')[0]?.toLowerCase()
    const near = language === 'pt' ? 'pt-BR' : oneOf(locales, language)
    if (near !== undefined) return near
  }
  return 'es'
}

/** Reads a stored or received value; every part that is missing or unknown falls back. */
export function parseAppearance(value: unknown, fallback: Appearance): Appearance {
  const part = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>
  return {
    theme: oneOf(themes, part['theme']) ?? fallback.theme,
    density: oneOf(densities, part['density']) ?? fallback.density,
    locale: oneOf(knownLocales, part['locale']) ?? fallback.locale,
    textSize: oneOf(textSizes, part['textSize']) ?? fallback.textSize,
    motion: oneOf(motions, part['motion']) ?? fallback.motion,
    announcements: oneOf(announcementLevels, part['announcements']) ?? fallback.announcements,
    letters: typeof part['letters'] === 'boolean' ? part['letters'] : fallback.letters,
  }
}

/** Whether this browser keeps an appearance from an earlier visit. */
export function hasStoredAppearance(storage: Pick<Storage, 'getItem'>): boolean {
  try {
    return storage.getItem(storageKey) !== null
  } catch {
    return false
  }
}

export function defaultAppearance(languages: readonly string[]): Appearance {
  return {
    theme: 'auto',
    density: 'comfortable',
    locale: negotiateLocale(languages),
    textSize: 100,
    motion: 'auto',
    announcements: 'all',
    letters: true,
  }
}

/** Reads what this browser used last; a blocked or spoilt store counts as empty. */
export function loadAppearance(storage: Pick<Storage, 'getItem'>, languages: readonly string[]): Appearance {
  const fallback = defaultAppearance(languages)
  try {
    return parseAppearance(JSON.parse(storage.getItem(storageKey) ?? 'null'), fallback)
  } catch {
    return fallback
  }
}

/** Keeps it for the next first paint. A full or blocked store is no reason to fail: the server keeps it as well. */
export function saveAppearance(storage: Pick<Storage, 'setItem'>, appearance: Appearance): boolean {
  try {
    storage.setItem(storageKey, JSON.stringify(appearance))
    return true
  } catch {
    return false
  }
}

/** `auto` follows the system: contrast wins over dark. */
export function resolveTheme(choice: ThemeChoice, matches: (query: string) => boolean): Theme {
  if (choice !== 'auto') return choice
  if (matches('(prefers-contrast: more)')) return 'contrast'
  return matches('(prefers-color-scheme: dark)') ? 'dark' : 'light'
}

/** Sets what style sheets and screen readers look at. */
export function applyAppearance(root: HTMLElement, appearance: Appearance, matches: (query: string) => boolean): void {
  root.lang = appearance.locale
  // No language of the product is written from right to left; what reads a page aloud or translates it need not guess.
  root.dir = 'ltr'
  root.dataset['motion'] = appearance.motion
  root.style.fontSize = appearance.textSize === 100 ? '' : `${appearance.textSize}%`
  root.dataset['theme'] = resolveTheme(appearance.theme, matches)
  root.dataset['density'] = appearance.density
}
