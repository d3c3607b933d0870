import { type IconName, icons, useI18n } from '@dcesop/sdk-plugin/ui'
import { computed, type ComputedRef } from 'vue'
import { pageAt } from '../routing/pages.ts'
import { useConsole, useShell } from '../state/shell.ts'
import { builtInPages } from './built-in-pages.ts'

export interface NavigationItem {
  readonly id: string
  readonly path: string
  readonly label: string
  readonly icon: IconName
  readonly current: boolean
  /** `main` first, then what administers and explains the platform. */
  readonly group: 'main' | 'platform'
  /** What the page finds of that which people type into the palette; it is opened with `?q=`. */
  readonly finds?: string
}

const iconOf = (name: string | undefined): IconName =>
  name !== undefined && name in icons ? (name as IconName) : 'plug'

/** Where one can go: the shell's own pages and those of the plugins that serve now, and the title of the current page. */
export function useNavigation(): { items: ComputedRef<NavigationItem[]>; title: ComputedRef<string | undefined> } {
  const shell = useShell()
  const composed = useConsole()
  const text = useI18n()
  const path = computed(() => shell.location.value.path)

  const within = (target: string) => path.value === target || (target !== '/' && path.value.startsWith(`${target}/`))
  const titleOf = (plugin: string, key: string) => composed.textsOf(plugin)?.t(key) ?? plugin

  const has = (permission: string) => shell.session.user.value?.permissions.has(permission) ?? false
  const own = computed(() => builtInPages.filter(({ permission }) => permission === undefined || has(permission)))

  const isThere = (plugin: string) => composed.composition.value.entries.get(plugin)?.kind === 'available'

  const listed = computed(() =>
    own.value.filter(
      ({ navigation = true, replacedBy }) =>
        (typeof navigation === 'string' ? has(navigation) : navigation) &&
        !(replacedBy !== undefined && isThere(replacedBy)),
    ),
  )

  const items = computed<NavigationItem[]>(() => [
    ...listed.value.filter(({ group }) => group === 'main').map(ownItem),
    ...composed.pages.value
      .filter(({ page, plugin }) => page.navigation !== false && !page.path.includes(':') && isThere(plugin))
      .map(({ name, plugin, page }) => ({
        id: name,
        path: page.path,
        label: titleOf(plugin, page.titleKey),
        icon: iconOf(page.icon),
        current: within(page.path),
        group: 'main' as const,
        ...(page.search !== undefined && { finds: titleOf(plugin, page.search) }),
      })),
    ...listed.value.filter(({ group }) => group === 'platform').map(ownItem),
  ])

  function ownItem({ path: target, titleKey, icon, group }: (typeof builtInPages)[number]): NavigationItem {
    return { id: target, path: target, label: text.t(titleKey), icon, current: within(target), group }
  }

  const title = computed(() => {
    const builtIn = own.value.find(({ path: target }) => target === path.value)
    if (builtIn !== undefined) return text.t(builtIn.titleKey)
    const known = pageAt(composed.pages.value, path.value)
    if (known !== undefined) return titleOf(known.plugin, known.page.titleKey)
    // Before the first feed nobody knows whether the address exists.
    return composed.ready.value ? text.t('shell.notFound.title') : undefined
  })

  return { items, title }
}
