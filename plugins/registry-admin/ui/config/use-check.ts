import { ApiProblem, useAnnounce, useApi, useI18n } from '@dcesop/sdk-plugin/ui'
import { ref, shallowRef } from 'vue'
import type { Field } from './fields.ts'
import { mistakesBy, mistakesIn } from './mistakes.ts'
import { type CheckAnswer, everywhere, type Json, type Level } from './types.ts'

/** Tries a change on the host; what it has against it is told by setting. */
export function useCheck(plugin: string) {
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

  async function check(
    level: Level,
    value: Json,
    revision: number,
    fields: readonly Field[],
  ): Promise<CheckAnswer | undefined> {
    busy.value = true
    clear()
    try {
      const body = { ...(level === everywhere ? {} : { region: level }), value, revision }
      return await api.post<CheckAnswer>(`/admin/plugins/${plugin}/config/check`, body)
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error
      problem.value = error
      mistakes.value = mistakesBy(fields, mistakesIn(error.extensions), i18n)
      region.value = (error.extensions['region'] as string | null | undefined) ?? null
      const told = Object.keys(mistakes.value).length
      if (told > 0) announce(i18n.t('config.refused', { count: told }), { priority: 'assertive' })
      return undefined
    } finally {
      busy.value = false
    }
  }
  return { busy, mistakes, region, problem, check, clear }
}
