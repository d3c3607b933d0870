import { ApiProblem, type ReasonText, useApi, useI18n } from '@dcesop/sdk-plugin/ui'
import { onMounted, ref } from 'vue'
import { type Objection, objectionText } from '../text/objection.ts'
import type { PlanStep } from '../text/plan-steps.ts'
import { useProblems } from '../text/use-problems.ts'
import type { Change } from './change.ts'

type Plan =
  | { readonly ok: true; readonly steps: readonly PlanStep[] }
  | { readonly ok: false; readonly conflict: readonly Objection[] }

/** What a version of the registry brings with it, or why it cannot be had; nothing for one that is in the store. */
export function usePlan({ plugin, version, source }: Change) {
  const api = useApi()
  const i18n = useI18n()
  const others = ref<readonly PlanStep[]>([])
  const impossible = ref<readonly ReasonText[]>([])
  const refusalOf = useProblems()

  onMounted(async () => {
    if (source !== 'registry') return
    try {
      const wish = { install: [{ plugin, range: version }] }
      const plan = await api.post<Plan>('/admin/registry/resolve', wish)
      if (plan.ok) others.value = plan.steps.filter((step) => step.action !== 'keep' && step.plugin !== plugin)
      else impossible.value = plan.conflict.map((one) => objectionText(one, i18n))
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error
      impossible.value = [{ text: refusalOf(error).sentence, lang: undefined }]
    }
  })
  return { others, impossible }
}
