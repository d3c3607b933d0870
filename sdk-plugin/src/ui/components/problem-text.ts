import type { ApiProblem } from '../api/api-problem.ts'
import type { I18n } from '../host.ts'
import es from '../locales/es.json'
import { uiTextOf } from '../text/ui-text.ts'

/**
 * A failed request in a person's words, by its code. The server's own sentence is English and for whoever wrote the request:
 * it is never shown. A plugin tells its own codes itself, and leaves the others to this.
 * @param i18n any texts of the person's language: the words are the library's own
 */
export function problemText(problem: ApiProblem | undefined, i18n: Pick<I18n, 'locale'>): string {
  const text = uiTextOf(i18n.locale)
  if (problem === undefined) return text.t('ui.state.error.text')
  const { code, status, retryAfter } = problem
  if (code === 'offline') return text.t('ui.state.offline.text')
  if (code === 'unreachable') return text.t('ui.state.error.unreachable')
  if (code === 'not_found') return text.t('ui.state.missing.text')
  if (code === 'forbidden') return text.t('ui.state.forbidden.text')
  // There the time is the registry's, and not this server's.
  if ((status === 429 || status === 503) && retryAfter !== undefined && code !== 'registry_unreachable') {
    return text.t('ui.state.error.busy', { seconds: retryAfter })
  }
  if (Object.hasOwn(es, `ui.problem.${code}`)) return text.t(`ui.problem.${code}`)
  return text.t(status >= 400 && status < 500 ? 'ui.state.error.refused' : 'ui.state.error.text')
}
