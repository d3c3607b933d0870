import { ApiProblem, useAnnounce, useApi, useHost, useI18n, withStepUp } from '@dcesop/sdk-plugin/ui'
import { ref } from 'vue'
import { useProblems } from '../text/use-problems.ts'

/** Makes a request that changes something: with step-up where the host asks for it, and told in words how it went. */
export function useChange() {
  const api = useApi()
  const host = useHost()
  const i18n = useI18n()
  const announce = useAnnounce()
  const refusalOf = useProblems()
  const busy = ref(false)
  const problem = ref<ApiProblem>()

  /**
   * @param done message id of what is said at the end
   * @param seen tag of what the person decided on; something else by now is left as it is
   * @returns whether there is nothing more to ask: it was done, or has to be looked at again first
   */
  async function send(
    path: string,
    body: object,
    done: string,
    values: Readonly<Record<string, unknown>>,
    seen?: string,
  ): Promise<boolean> {
    const options = seen === undefined ? {} : { ifMatch: `"${seen}"` }
    busy.value = true
    problem.value = undefined
    try {
      if (!(await withStepUp(host.stepUp, () => api.post(path, body, options)))) return false
      host.notify({ tone: 'ok', text: i18n.t(done, values) })
      return true
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error
      if (error.code === 'precondition_failed') {
        host.notify({ tone: 'warn', text: i18n.t('change.outdated') })
        return true
      }
      problem.value = error
      announce(refusalOf(error).sentence, { priority: 'assertive' })
      return false
    } finally {
      busy.value = false
    }
  }
  return { busy, problem, send }
}
