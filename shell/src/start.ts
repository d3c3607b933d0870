import { createApi, createRealtime, createToasts, provideI18n, type UiUser } from '@dcesop/sdk-plugin/ui'
import { start as startSingleSpa } from 'single-spa'
import { computed, createApp, ref, shallowRef, watch } from 'vue'
import { createAnnouncer } from './announcer/announcer.ts'
import { createLiveRegions } from './announcer/live-regions.ts'
import { type Console, createConsole } from './console/console.ts'
import { watchLoadedFiles } from './extension-points/ui-size.ts'
import { createFeedClient } from './feed/feed-client.ts'
import { createPluginCatalogues } from './i18n/catalogues.ts'
import { createAppearanceStore } from './preferences/appearance-store.ts'
import { syncAppearance } from './preferences/sync-appearance.ts'
import { createRemoteLoader } from './remotes/remote-loader.ts'
import Root from './root.vue'
import { createLocation } from './routing/location.ts'
import { createRenewalCheck } from './session/renewal.ts'
import { createSessionStore, endReasonOf } from './session/session-store.ts'
import { createStepUpQueue } from './session/step-up.ts'
import { createShortcutStore } from './shortcuts/shortcut-store.ts'
import { pageShortcuts } from './shortcuts/page-shortcuts.ts'
import { shellShortcuts } from './shortcuts/shell-shortcuts.ts'
import { unitShortcuts } from './shortcuts/unit-shortcuts.ts'
import { provideShell, type Shell } from './state/shell.ts'
import { createFailureLog } from './supervisor/failures.ts'
import { supervisorNotices } from './supervisor/notices.ts'
import { incidentReporter } from './supervisor/report-incident.ts'

/** Composition root of the shell: makes every part once and gives it what it needs. */
export async function start(): Promise<void> {
  const appearance = await createAppearanceStore()
  const plain = createApi()
  const livesOn = createRenewalCheck(() => plain.get('/auth/session', { background: true }))
  const api = createApi({
    locale: () => appearance.i18n.value.locale,
    // Whose time is running out is not kept on screen for a question.
    signedInAfterAll: async () =>
      session.status.value === 'signed-in' && session.warningUntil.value === undefined && livesOn(),
    onProblem: (problem) => {
      if (problem.status === 401 && problem.code === 'not_signed_in') session.lost('refused')
    },
  })
  const session = createSessionStore(api)
  const announcer = createAnnouncer(createLiveRegions(document.body), () => appearance.appearance.value.announcements)
  const toasts = createToasts()
  const stepUp = createStepUpQueue()
  const { current: location, navigate } = createLocation()
  const composed = shallowRef<Console>()
  const letters = computed({
    get: () => appearance.appearance.value.letters,
    set: (value) => void appearance.change({ letters: value }),
  })
  const shell: Shell = {
    api,
    appearance,
    session,
    announcer,
    toasts,
    stepUp,
    location,
    navigate,
    shortcuts: createShortcutStore(document, letters),
    console: composed,
    overlay: ref(),
    inspecting: ref(false),
    loadedFiles: watchLoadedFiles(),
  }

  const pin = document.querySelector<HTMLMetaElement>('meta[name="dcesop-feed-key"]')?.content
  const loader = createRemoteLoader()
  const catalogues = createPluginCatalogues(globalThis.fetch.bind(globalThis))

  /** @param person whose console it is, also while it is being taken down after the session */
  function compose(person: UiUser): Console {
    return createConsole({
      user: () => session.user.value ?? person,
      refreshUser: session.refresh,
      api,
      realtime: createRealtime(),
      feed: createFeedClient(api, pin),
      loader,
      catalogues,
      locale: computed(() => appearance.i18n.value.locale),
      theme: appearance.theme,
      supervision: {
        limits: { loadMs: 5_000, mountMs: 3_000 },
        failures: createFailureLog(Date.now),
        now: () => new Date(),
        newIncidentId: () => crypto.randomUUID().slice(0, 8),
        report: incidentReporter(api),
        ...supervisorNotices(() => shell),
      },
      host: {
        navigate,
        announce: announcer.announce,
        notify(notice) {
          toasts.push(notice)
          announcer.announce(notice.text, { priority: notice.tone === 'danger' ? 'assertive' : 'polite' })
        },
        stepUp: stepUp.ask,
        addShortcuts: unitShortcuts(shell.shortcuts),
      },
      onSessionEnded: (reason) => session.lost(endReasonOf(reason)),
      onOwnError: (error, where) => console.error(`[shell] ${where}`, error),
    })
  }

  let stopSync: () => void = () => undefined
  watch(
    () => session.user.value?.subject,
    () => {
      stepUp.cancelAll()
      shell.overlay.value = undefined
      shell.inspecting.value = false
      stopSync()
      void composed.value?.dispose()
      composed.value = undefined
      if (session.user.value === undefined) return
      composed.value = compose(session.user.value)
      void composed.value.refreshFeed()
      stopSync = syncAppearance(api, appearance, session.locale.value)
    },
    { flush: 'sync' },
  )

  await session.refresh()
  shellShortcuts(shell)
  pageShortcuts(shell)
  const app = createApp(Root)
  provideShell(app, shell)
  provideI18n(app, appearance.i18n)
  app.mount('#shell')
  startSingleSpa({ urlRerouteOnly: true })
}
