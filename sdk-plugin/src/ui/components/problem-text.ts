import type { ApiProblem } from '../api/api-problem.ts'
import type { I18n } from '../host.ts'
import { uiTextOf } from '../text/ui-text.ts'

/**
 * A failed request in a person's words; the server's sentence only where it is meant for people (4xx).
 * @param i18n any texts of the person's language: the words are the library's own
 */
export function problemText(problem: ApiProblem | undefined, i18n: Pick<I18n, 'locale'>): string {
  const text = uiTextOf(i18n.locale)
  if (problem === undefined) return text.t('ui.state.error.text')
  if (problem.code === 'offline') return text.t('ui.state.offline.text')
  if (problem.code === 'unreachable') return text.t('ui.state.error.unreachable')
  // Its sentence is for whoever wrote the request, and no person did.
  if (problem.code === 'invalid_request') return text.t('ui.state.error.refused')
  if (problem.code === 'not_found') return text.t('ui.state.missing.text')
  if (problem.code === 'forbidden') return text.t('ui.state.forbidden.text')
  if ((problem.status === 429 || problem.status === 503) && problem.retryAfter !== undefined) {
    return text.t('ui.state.error.busy', { seconds: problem.retryAfter })
  }
  const forPeople = problem.status >= 400 && problem.status < 500 && problem.detail !== ''
  return forPeople ? text.t('ui.state.error.server', { detail: problem.detail }) : text.t('ui.state.error.text')
}
