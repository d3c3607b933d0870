import { computed, onScopeDispose, ref, watch } from 'vue'
import { useAnnounce, useApi, useCustomer, useI18n, useQuery, useTopic } from '@dcesop/sdk-plugin/ui'
import { createCoalescer } from './coalesce.ts'
import { currentLive } from './current-live.ts'
import { changedVerdict, IncidentNews } from './announcements.ts'
import { applyIncident, applyMessages, changesState } from './merge.ts'
import type { LiveIncident, LiveMessage, LiveView } from './types.ts'

const screenIntervalMs = 1000
const refreshMs = 30_000

/** The customer's live view: fetched once the topic is joined, then kept current by pushes, at most once per second on screen. */
export function useLive() {
  const customer = useCustomer()
  const api = useApi()
  const i18n = useI18n()
  const announce = useAnnounce()
  const paused = ref(false)
  const waiting = ref(0)
  /** Whether something came during a pause that only a fetch brings. */
  let missed = false
  /** Pushes since the fetch under way began: its answer may be older than they are. */
  let overtaking: LiveMessage[] | undefined

  const coalescer = createCoalescer<LiveMessage>(screenIntervalMs, (messages) => {
    const view = live.data.value
    if (view === undefined) return
    const judged = messages.some((message) => changesState(view, message))
    live.mutate((known) => applyMessages(known ?? view, messages))
    if (judged) void live.refetch()
  })
  onScopeDispose(() => coalescer.dispose())

  const telemetry = useTopic<LiveMessage>(() => channel('diagnostics.telemetry', customer.value.customerId), {
    message({ payload }) {
      overtaking?.push(payload)
      coalescer.push(payload)
      waiting.value = coalescer.waiting
    },
    resync: refetch,
  })

  const live = useQuery<LiveView>(
    async ({ signal, background }) => {
      const { region, customerId } = customer.value
      const pushed: LiveMessage[] = (overtaking = [])
      const path = `/plugins/diagnostics/customers/${region}/${customerId}/live`
      const answer = await api.get<LiveView>(path, { signal, background })
      if (overtaking === pushed) overtaking = undefined
      return applyMessages(answer, pushed)
    },
    {
      refreshMs,
      watch: () => `${customer.value.region}/${customer.value.customerId}`,
      enabled: telemetry.joined,
      paused,
      isEmpty: (view) => view.services.length === 0,
    },
  )

  watch(live.data, (view, before) => {
    currentLive.value = view
    const verdict = changedVerdict(view, before)
    if (verdict !== undefined) announce(i18n.t(verdict), { key: 'diagnostics.verdict' })
  })

  // One topic carries the incidents of one cell or OLT; the customer's first affected element is the one that matters to them.
  const elements = computed(() => [...new Set((live.data.value?.services ?? []).map((service) => service.element.id))])
  const news = new IncidentNews()
  const onIncident = {
    message({ payload }: { payload: LiveIncident }) {
      const { customerId } = customer.value
      if (news.isNews({ customerId, incidents: live.data.value?.incidents ?? [] }, payload))
        announce(i18n.t('ui.incident.announce', { site: payload.site }), { priority: 'assertive', key: payload.id })
      if (!paused.value)
        live.mutate((view) => ({ ...(view as LiveView), incidents: applyIncident(view?.incidents ?? [], payload) }))
      refetch()
    },
    resync: refetch,
  }
  for (const index of [0, 1, 2])
    useTopic<LiveIncident>(() => channel('diagnostics.incidents', elements.value[index]), onIncident)

  function channel(topic: string, key: string | undefined) {
    return key === undefined ? undefined : { topic, region: customer.value.region, key }
  }

  function refetch(): void {
    if (paused.value) missed = true
    else void live.refetch()
  }

  function togglePause(): void {
    paused.value = !paused.value
    if (paused.value) coalescer.pause()
    else coalescer.resume()
    waiting.value = coalescer.waiting
    if (paused.value || !missed) return
    missed = false
    void live.refetch()
  }

  return { live, paused, waiting, togglePause }
}
