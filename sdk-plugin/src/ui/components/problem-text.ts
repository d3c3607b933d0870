import type { ApiProblem } from '../api/api-problem.ts'
import type { I18n } from '../host.ts'
import es from '../locales/es.json'
import { uiTextOf } from '../text/ui-text.ts'

/** Codes that a screen as a whole may stand for have their sentence there. */
const ofStates: Readonly<Record<string, string>> = {
  unreachable: 'ui.state.error.unreachable',
  not_found: 'ui.state.missing.text',
  forbidden: 'ui.state.forbidden.text',
}

/**
 * What a problem code of the host means to a person; undefined for a code of a plugin, or one that is not met on screens.
 * @param i18n any texts of the person's language: the words are the library's own
 */
export function codeText(code: string, i18n: Pick<I18n, 'locale'>): string | undefined {
  const id = ofStates[code] ?? `ui.problem.${code}`
  return Object.hasOwn(es, id) ? uiTextOf(i18n.locale).t(id) : undefined
}

/**
 * A failed request in a person's words, by its code. The server's own sentence is English and for whoever wrote the request:
 * it is never shown. A plugin tells its own codes itself, and leaves the others to this.
 * @param i18n as of `codeText`
 */
export function problemText(problem: ApiProblem | undefined, i18n: Pick<I18n, 'locale'>): string {
  const text = uiTextOf(i18n.locale)
  if (problem === undefined) return text.t('ui.state.error.text')
  const { code, status, retryAfter } = problem
  // There the time is the registry's, and not this server's.
  if ((status === 429 || status === 503) && retryAfter !== undefined && code !== 'registry_unreachable') {
    return text.t('ui.state.error.busy', { seconds: retryAfter })
  }
  return (
    codeText(code, i18n) ?? text.t(status >= 400 && status < 500 ? 'ui.state.error.refused' : 'ui.state.error.text')
  )
}
