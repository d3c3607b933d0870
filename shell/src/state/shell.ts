import type { ApiClient, Toasts } from '@dcesop/sdk-plugin/ui'
import { type App, inject, type InjectionKey, type Ref } from 'vue'
import type { Announcer } from '../announcer/announcer.ts'
import type { Console } from '../console/console.ts'
import type { LoadedFiles } from '../extension-points/ui-size.ts'
import type { AppearanceStore } from '../preferences/appearance-store.ts'
import type { ShellLocation } from '../routing/location.ts'
import type { SessionStore } from '../session/session-store.ts'
import type { StepUpQueue } from '../session/step-up.ts'
import type { ShortcutStore } from '../shortcuts/shortcut-store.ts'

/** What the shell's own screens share; plugins never see it. */
export interface Shell {
  readonly api: ApiClient
  readonly appearance: AppearanceStore
  readonly session: SessionStore
  readonly toasts: Toasts
  readonly announcer: Announcer
  readonly stepUp: StepUpQueue
  readonly shortcuts: ShortcutStore
  readonly location: Readonly<Ref<ShellLocation>>
  navigate(path: string): void
  /** The composed product, while somebody is signed in. */
  readonly console: Readonly<Ref<Console | undefined>>
  /** Which of the shell's overlays is open. */
  readonly overlay: Ref<'palette' | 'shortcuts' | undefined>
  /** Whether the extension points on screen are shown with who fills them. */
  readonly inspecting: Ref<boolean>
  /** Scripts and styles of plugins that this page loaded so far. */
  readonly loadedFiles: LoadedFiles
}

const shellKey: InjectionKey<Shell> = Symbol('dcesop.shell')

export function provideShell(app: App, shell: Shell): void {
  app.provide(shellKey, shell)
}

export function useShell(): Shell {
  const shell = inject(shellKey)
  if (shell === undefined) throw new Error('There is no shell here: provideShell first.')
  return shell
}

/** The composed product on screens that only exist while somebody is signed in. */
export function useConsole(): Console {
  const current = useShell().console.value
  if (current === undefined) throw new Error('Nobody is signed in.')
  return current
}
