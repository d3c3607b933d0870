import type { ApiProblem } from '../api/api-problem.ts'
import type { I18n } from '../host.ts'

/** A failed request in a person's words; the server's sentence only where it is meant for people (4xx). */
export function problemText(problem: ApiProblem | undefined, text: I18n): string {
  if (problem === undefined) return text.t('ui.state.error.text')
  if (problem.code === 'offline') return text.t('ui.state.offline.text')
  if (problem.code === 'unreachable') return text.t('ui.state.error.unreachable')
  if ((problem.status === 429 || problem.status === 503) && problem.retryAfter !== undefined) {
    return text.t('ui.state.error.busy', { seconds: problem.retryAfter })
  }
  const forPeople = problem.status >= 400 && problem.status < 500 && problem.detail !== ''
  return forPeople ? text.t('ui.state.error.server', { detail: problem.detail }) : text.t('ui.state.error.text')
}
