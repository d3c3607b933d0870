import type { Shell } from '../state/shell.ts'
import type { ListedShortcut } from './shortcut-store.ts'

/** The shell's own shortcuts; they need a session. */
export function shellShortcuts(shell: Shell): void {
  const shortcut = (
    id: string,
    keys: string,
    textId: string,
    run: () => void,
    available = () => true,
  ): ListedShortcut => ({
    id,
    keys,
    run,
    label: () => shell.appearance.i18n.value.t(textId),
    available: () => shell.session.status.value === 'signed-in' && available(),
  })
  const focus = (selector: string) => document.querySelector<HTMLElement>(selector)?.focus()

  shell.shortcuts.add([
    shortcut('palette', 'mod+k', 'shell.palette.title', () => (shell.overlay.value = 'palette')),
    shortcut('help', '?', 'shell.shortcuts.title', () => (shell.overlay.value = 'shortcuts')),
    shortcut('dashboard', 'g d', 'shell.shortcuts.dashboard', () => shell.navigate('/')),
    shortcut('navigation', 'g n', 'shell.shortcuts.navigation', () => focus('#navigation a')),
    shortcut('main', 'g m', 'shell.shortcuts.main', () => focus('#main')),
  ])
}
