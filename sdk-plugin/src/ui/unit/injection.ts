import { type App, inject, type InjectionKey, type Ref, shallowRef } from 'vue'
import { createI18n } from '../../i18n/index.ts'
import type { I18n, UiHost } from '../host.ts'

const hostKey: InjectionKey<Readonly<Ref<UiHost>>> = Symbol('dcesop.host')
const i18nKey: InjectionKey<Readonly<Ref<I18n>>> = Symbol('dcesop.i18n')
const contextKey: InjectionKey<Readonly<Ref<unknown>>> = Symbol('dcesop.context')

/** Gives an app a host, and with it its language. */
export function provideHost(app: App, host: Readonly<Ref<UiHost>>): void {
  app.provide(hostKey, host)
}

/** Gives an app a language without a host: the sign-in screen has no session yet. */
export function provideI18n(app: App, i18n: Readonly<Ref<I18n>>): void {
  app.provide(i18nKey, i18n)
}

export function provideContext(app: App, context: Readonly<Ref<unknown>>): void {
  app.provide(contextKey, context)
}

/** The host as it is now; replaced as a whole when theme or language change. */
export function useHostRef(): Readonly<Ref<UiHost>> {
  const host = inject(hostKey, undefined)
  if (host === undefined) throw new Error('There is no UiHost here: mount with definePage, definePanel or provideHost.')
  return host
}

/** The host, or undefined on screens before a session. */
export function useOptionalHostRef(): Readonly<Ref<UiHost>> | undefined {
  return inject(hostKey, undefined)
}

export function useContextRef<Context>(): Readonly<Ref<Context>> {
  const context = inject(contextKey, undefined)
  if (context === undefined) throw new Error('There is no context here: mount with definePage or definePanel.')
  return context as Readonly<Ref<Context>>
}

const withoutHost = shallowRef(createI18n({ locale: 'es', catalogues: {} }))

export function useI18nSource(): () => I18n {
  const own = inject(i18nKey, undefined)
  const host = inject(hostKey, undefined)
  return () => own?.value ?? host?.value.i18n ?? withoutHost.value
}
