import type { ApiClient, I18n, RealtimeClient, SlotHost, UiHost, UiUser } from '@dcesop/sdk-plugin/ui'
import type { UnitRef } from '../feed/feed.ts'

/** What all units share; the members that follow a person's choices are read when a host is made. */
export interface HostParts {
  readonly api: ApiClient
  readonly realtime: RealtimeClient
  user(): UiUser
  slotsFor(ref: UnitRef): SlotHost
  theme(): UiHost['theme']
  i18nOf(ref: UnitRef): Promise<I18n>
  navigate: UiHost['navigate']
  announce: UiHost['announce']
  notify: UiHost['notify']
  stepUp: UiHost['stepUp']
  addShortcuts: UiHost['addShortcuts']
}

/** One unit's view of the shell: frozen, made anew when theme or language change. */
export async function createHost(parts: HostParts, ref: UnitRef, reportError: UiHost['reportError']): Promise<UiHost> {
  return Object.freeze({
    api: parts.api,
    realtime: parts.realtime,
    i18n: await parts.i18nOf(ref),
    user: parts.user(),
    navigate: parts.navigate,
    announce: parts.announce,
    notify: parts.notify,
    stepUp: parts.stepUp,
    addShortcuts: parts.addShortcuts,
    theme: parts.theme(),
    plugin: Object.freeze({ id: ref.plugin, version: ref.version }),
    slots: parts.slotsFor(ref),
    reportError,
  })
}
