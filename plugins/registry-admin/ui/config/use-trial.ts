import { ApiProblem, useAnnounce, useApi, useI18n } from '@dcesop/sdk-plugin/ui'
import { ref, shallowRef } from 'vue'
import type { Field } from './fields.ts'
import { mistakesBy, mistakesIn } from './mistakes.ts'

/** Tries settings on the host; what it has against them is told by setting. */
export function useTrial(fields: () => readonly Field[]) {
  const api = useApi()
  const i18n = useI18n()
  const announce = useAnnounce()
  const busy = ref(false)
  /** By pointer; what is about no setting that is shown is under the empty one. */
  const mistakes = ref<Readonly<Record<string, string>>>({})
  /** Where it does not fit, when that is not the level itself. */
  const region = ref<string | null>(null)
  const problem = shallowRef<ApiProblem>()

  function clear(): void {
    mistakes.value = {}
    problem.value = undefined
  }
  /** What was wrong with a value is not said of the next. */
  function forget(pointer: string): void {
    const { [pointer]: _, ...others } = mistakes.value
    mistakes.value = others
    if (Object.keys(others).length === 0) clear()
  }
  function tell(refused: ApiProblem): void {
    problem.value = refused
    mistakes.value = mistakesBy(fields(), mistakesIn(refused.extensions), i18n)
    region.value = (refused.extensions['region'] as string | null | undefined) ?? null
    const told = Object.keys(mistakes.value).length
    if (told > 0) announce(i18n.t('config.refused', { count: told }), { priority: 'assertive' })
  }
  /** @returns undefined when the host refused, which is told then */
  async function run<Answer>(path: string, body: object): Promise<Answer | undefined> {
    busy.value = true
    clear()
    try {
      return await api.post<Answer>(path, body)
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error
      tell(error)
      return undefined
    } finally {
      busy.value = false
    }
  }
  return { busy, mistakes, region, problem, run, tell, forget, clear }
}
