import { type App, type Component, createApp, h, shallowRef } from 'vue'
import type { MountedUnit, PageContext, UiHost, UiUnit } from '../host.ts'
import { provideContext, provideHost } from './injection.ts'
import { provideOnScreen } from './on-screen.ts'

export interface UnitOptions {
  /** Root component; it takes host and context from composables, not from props. */
  readonly component: Component
  /** Runs before mounting, for app-wide registrations of the plugin itself. */
  readonly setup?: (app: App, host: UiHost) => void
}

/** A page named in the manifest's `ui.pages`; its context is what path and query matched. */
export function definePage(options: UnitOptions): UiUnit<PageContext> {
  return { kind: 'page', mount: (target, host, context) => mountUnit(options, target, host, context) }
}

/** A panel, banner or widget for an extension point; `Context` is the point's contract. */
export function definePanel<Context = unknown>(options: UnitOptions): UiUnit<Context> {
  return { kind: 'panel', mount: (target, host, context) => mountUnit(options, target, host, context) }
}

/** Apps of one page must not give the same ids: labels would name elements of another app. */
let mountedUnits = 0

/** One Vue app per element. An error while mounting rejects; a later one is reported to the host and the unit stays. */
async function mountUnit<Context>(
  { component, setup }: UnitOptions,
  target: HTMLElement,
  host: UiHost,
  context: Context,
): Promise<MountedUnit<Context>> {
  const hostRef = shallowRef(host)
  const contextRef = shallowRef(context)
  const app = createApp({ name: 'UnitRoot', render: () => h(component) })
  app.config.idPrefix = `u${(mountedUnits += 1)}`
  // Vue swallows what an error handler throws, so errors of mounting are kept and thrown after it.
  const failures: unknown[] = []
  let mounting = true
  app.config.errorHandler = (error, _instance, where) => {
    if (mounting) failures.push(error)
    else hostRef.value.reportError(error, where)
  }
  provideHost(app, hostRef)
  provideContext(app, contextRef)
  app.onUnmount(provideOnScreen(app, target))
  setup?.(app, host)
  mark(target, host)
  app.mount(target)
  mounting = false
  if (failures.length > 0) {
    app.unmount()
    throw failures[0]
  }

  return {
    app,
    update(nextHost, nextContext) {
      hostRef.value = nextHost
      contextRef.value = nextContext
      mark(target, nextHost)
    },
    async unmount() {
      app.unmount()
    },
  }
}

function mark(target: HTMLElement, host: UiHost): void {
  target.lang = host.i18n.locale
  target.dir = 'ltr'
  target.dataset['plugin'] = host.plugin.id
  target.classList.add(`p-${host.plugin.id}`)
}
