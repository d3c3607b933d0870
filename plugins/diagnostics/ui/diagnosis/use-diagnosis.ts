import { ref, shallowRef, watch } from 'vue'
import {
  ApiProblem,
  problemText,
  useAnnounce,
  useApi,
  useCustomer,
  useHost,
  useI18n,
  useTopic,
} from '@dcesop/sdk-plugin/ui'
import { further, withMessage } from './progress.ts'
import type { Diagnosis, DiagnosisMessage } from './types.ts'

/** Starts a guided diagnosis and follows its steps as they are pushed. */
export function useDiagnosis() {
  const api = useApi()
  const customer = useCustomer()
  const host = useHost()
  const i18n = useI18n()
  const announce = useAnnounce()
  const diagnosis = shallowRef<Diagnosis>()
  const starting = ref(false)

  const topic = useTopic<DiagnosisMessage>(
    () => {
      const known = diagnosis.value
      return known && { topic: 'diagnostics.diagnosis', region: known.region, key: known.id }
    },
    {
      message({ payload }) {
        if (diagnosis.value?.id !== payload.id) return
        diagnosis.value = withMessage(diagnosis.value, payload)
        if ('result' in payload)
          announce(i18n.t('ui.diagnosis.done', { result: i18n.t(`${payload.result.messageId}.title`) }))
      },
      resync: () => void reload(),
    },
  )

  // Steps that ended before the topic was joined are not pushed again.
  watch(topic.joined, (joined) => joined && void reload())

  async function reload(): Promise<void> {
    const known = diagnosis.value
    if (known) await attempt(() => fetchState(known.region, known.id))
  }

  async function fetchState(region: string, id: string): Promise<void> {
    const fetched = await api.get<Diagnosis>(`/plugins/diagnostics/diagnoses/${region}/${id}`)
    diagnosis.value = further(diagnosis.value, fetched)
  }

  async function start(serviceId: string): Promise<void> {
    const { region, customerId } = customer.value
    starting.value = true
    await attempt(async () => {
      const body = { region, customerId, serviceId }
      const { id } = await api.post<{ id: string }>('/plugins/diagnostics/diagnoses', body, {
        idempotencyKey: crypto.randomUUID(),
      })
      await fetchState(region, id)
    })
    starting.value = false
  }

  async function attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error
      host.notify({ tone: 'danger', text: problemText(error, i18n) })
    }
  }

  return { diagnosis, starting, start, close: () => void (diagnosis.value = undefined) }
}
