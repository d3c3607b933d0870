import { ApiProblem, type ReasonText, useApi, useI18n } from '@dcesop/sdk-plugin/ui'
import { onMounted, ref, watch } from 'vue'
import { type Objection, objectionText } from '../text/objection.ts'
import type { PlanStep } from '../text/plan-steps.ts'
import { useProblems } from '../text/use-problems.ts'
import type { Change } from './change.ts'

type Plan =
  | { readonly ok: true; readonly steps: readonly PlanStep[] }
  | { readonly ok: false; readonly conflict: readonly Objection[] }

/**
 * What a version of the registry brings with it, or why it cannot be had; nothing for one that is in the store.
 * @param channel that is to be followed; the one that is followed already when empty
 */
export function usePlan({ plugin, version, source }: Change, channel: () => string = () => '') {
  const api = useApi()
  const i18n = useI18n()
  const others = ref<readonly PlanStep[]>([])
  const impossible = ref<readonly ReasonText[]>([])
  const refusalOf = useProblems()

  async function ask(): Promise<void> {
    if (source !== 'registry') return
    const asked = channel()
    try {
      const wish = { install: [{ plugin, range: version, ...(asked === '' ? {} : { channel: asked }) }] }
      const plan = await api.post<Plan>('/admin/registry/resolve', wish)
      if (asked !== channel()) return
      others.value = []
      impossible.value = []
      if (plan.ok) others.value = plan.steps.filter((step) => step.action !== 'keep' && step.plugin !== plugin)
      else impossible.value = plan.conflict.map((one) => objectionText(one, i18n))
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error
      impossible.value = [{ text: refusalOf(error).sentence, lang: undefined }]
    }
  }
  onMounted(ask)
  watch(channel, ask)
  return { others, impossible }
}
