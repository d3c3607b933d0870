import type { I18n } from '@dcesop/sdk-plugin/ui'
import { computed, type Ref, readonly, shallowRef } from 'vue'
import { loadShellI18n } from '../i18n/shell-i18n.ts'
import {
  type Appearance,
  applyAppearance,
  hasStoredAppearance,
  loadAppearance,
  parseAppearance,
  resolveTheme,
  saveAppearance,
  type Theme,
} from './appearance.ts'

/** Where the appearance on screen comes from: the browser's settings, an earlier visit, or this person's choice just now. */
export type AppearanceOrigin = 'default' | 'stored' | 'chosen'

export interface AppearanceStore {
  readonly origin: AppearanceOrigin
  /** What this person chose since the page opened or the person before signed out. */
  readonly chosen: Partial<Appearance>
  readonly appearance: Readonly<Ref<Appearance>>
  readonly theme: Readonly<Ref<Theme>>
  readonly i18n: Readonly<Ref<I18n>>
  /** Applies and keeps a change; a language is applied once its texts are here. */
  change(part: Partial<Appearance>): Promise<void>
  /** Takes over what the host keeps for the person. */
  adopt(value: unknown): Promise<void>
  /** What was chosen is no longer news: the next person starts from what is stored. */
  settle(): void
  /** Called after each change by the person. */
  onChange(listener: (appearance: Appearance) => void): () => void
}

const media = (query: string) => matchMedia(query)
const matches = (query: string) => media(query).matches
const storage = {
  getItem: (key: string) => localStorage.getItem(key),
  setItem: (key: string, value: string) => localStorage.setItem(key, value),
}

export async function createAppearanceStore(): Promise<AppearanceStore> {
  let origin: AppearanceOrigin = hasStoredAppearance(storage) ? 'stored' : 'default'
  let chosen: Partial<Appearance> = {}
  const appearance = shallowRef(loadAppearance(storage, navigator.languages))
  const system = shallowRef(0)
  const i18n = shallowRef(await loadShellI18n(appearance.value.locale))
  const theme = computed(() => (system.value, resolveTheme(appearance.value.theme, matches)))
  const listeners = new Set<(appearance: Appearance) => void>()

  for (const query of ['(prefers-color-scheme: dark)', '(prefers-contrast: more)'])
    media(query).addEventListener('change', () => {
      system.value += 1
      applyAppearance(document.documentElement, appearance.value, matches)
    })

  async function apply(next: Appearance): Promise<void> {
    if (next.locale !== i18n.value.locale) i18n.value = await loadShellI18n(next.locale)
    appearance.value = next
    applyAppearance(document.documentElement, next, matches)
    saveAppearance(storage, next)
  }

  return {
    get origin() {
      return origin
    },
    get chosen() {
      return chosen
    },
    appearance: readonly(appearance) as Readonly<Ref<Appearance>>,
    theme,
    i18n,
    async change(part) {
      origin = 'chosen'
      chosen = { ...chosen, ...part }
      await apply({ ...appearance.value, ...part })
      for (const listener of listeners) listener(appearance.value)
    },
    adopt: (value) => apply(parseAppearance(value, appearance.value)),
    settle() {
      if (origin === 'chosen') origin = 'stored'
      chosen = {}
    },
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
