import { watch } from 'vue'
import type { Shell } from '../state/shell.ts'

/** `g` and the letter that a plugin asks for its page, as long as the plugin serves. Of two that ask for one letter the first gets it. */
export function pageShortcuts({
  appearance,
  console,
  navigate,
  shortcuts,
}: Pick<Shell, 'appearance' | 'console' | 'navigate' | 'shortcuts'>): void {
  let remove: () => void = () => undefined
  watch(
    () => console.value?.pages.value ?? [],
    (pages) => {
      remove()
      const keyed = pages.filter(
        ({ page }, at) =>
          page.key !== undefined &&
          !page.path.includes(':') &&
          pages.findIndex((other) => other.page.key === page.key) === at,
      )
      remove = shortcuts.add(
        keyed.map(({ name, plugin, page }) => ({
          id: `page ${name}`,
          keys: `g ${page.key}`,
          run: () => navigate(page.path),
          label: () =>
            appearance.i18n.value.t('shell.shortcuts.page', {
              title: console.value?.textsOf(plugin)?.t(page.titleKey) ?? plugin,
            }),
        })),
      )
    },
    { immediate: true },
  )
}
