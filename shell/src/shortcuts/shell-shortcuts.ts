import type { Shell } from '../state/shell.ts'

/** The shell's own shortcuts; they need a session. */
export function shellShortcuts(shell: Shell): void {
  const t = (id: string) => () => shell.appearance.i18n.value.t(id)
  const signedIn = (run: () => void) => () => {
    if (shell.session.status.value === 'signed-in') run()
  }
  shell.shortcuts.add([
    {
      id: 'palette',
      keys: 'mod+k',
      label: t('shell.palette.title'),
      run: signedIn(() => (shell.overlay.value = 'palette')),
    },
    {
      id: 'help',
      keys: '?',
      label: t('shell.shortcuts.title'),
      run: signedIn(() => (shell.overlay.value = 'shortcuts')),
    },
    { id: 'dashboard', keys: 'g d', label: t('shell.shortcuts.dashboard'), run: signedIn(() => shell.navigate('/')) },
    {
      id: 'customers',
      keys: 'g c',
      label: t('shell.shortcuts.customers'),
      run: signedIn(() => shell.navigate('/customers')),
    },
    {
      id: 'navigation',
      keys: 'g n',
      label: t('shell.shortcuts.navigation'),
      run: signedIn(() => document.querySelector<HTMLElement>('#navigation a')?.focus()),
    },
    {
      id: 'main',
      keys: 'g m',
      label: t('shell.shortcuts.main'),
      run: signedIn(() => document.querySelector<HTMLElement>('#main')?.focus()),
    },
  ])
}
