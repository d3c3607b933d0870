import type { UiHost } from '@dcesop/sdk-plugin/ui'
import type { ShortcutStore } from './shortcut-store.ts'

/** One key, or `g` and then one: combinations with Ctrl and Cmd are the browser's and the shell's. */
const allowed = /^(?:g )?(?:\S|Escape)$/u

/** Takes the keys of units into the shell's list, after its own, which win. @throws Error that names keys a unit may not have */
export function unitShortcuts(store: Pick<ShortcutStore, 'add'>): UiHost['addShortcuts'] {
  return (shortcuts) => {
    const refused = shortcuts.find(({ keys }) => !allowed.test(keys))
    if (refused !== undefined) throw new Error(`${refused.keys} is not one key, or g and then one.`)
    return store.add(
      shortcuts.map(({ keys, label, run }) => ({ id: `unit ${keys}`, keys, run, label: () => label, ofUnit: true })),
    )
  }
}
