import type { FeedPlugin } from '../feed/feed.ts'
import type { Shell } from '../state/shell.ts'
import { incidentReporter } from '../supervisor/report-incident.ts'
import type { StyleProblem } from './watch-styles.ts'

/** More of them are a list that nobody reads on a screen. */
const mostSelectors = 5

/** On the screen in the author's language, and in their terminal, where the build is mended, as everything there in English. */
export function tellAuthor(
  { appearance, announcer, toasts, api }: Pick<Shell, 'appearance' | 'announcer' | 'toasts' | 'api'>,
  builds: readonly Pick<FeedPlugin, 'id' | 'version'>[],
  problem: StyleProblem,
): void {
  const i18n = appearance.i18n.value
  const all = problem.kind === 'global' ? problem.selectors : []
  const few = [...all.slice(0, mostSelectors), ...(all.length > mostSelectors ? ['…'] : [])]
  const plugins = i18n.list(builds.map(({ id }) => id))
  const text = i18n.t(`shell.dev.styles.${problem.kind}`, { plugins, selectors: i18n.list(few) })
  toasts.push({ tone: 'danger', text })
  announcer.announce(text, { priority: 'assertive' })
  const message =
    problem.kind === 'global'
      ? `ui-global-selector: styles that were put in by a script reach beyond the plugin: ${few.join(', ')}`
      : 'Styles were put in as text; the page blocks them. Put them into a file, or add them rule by rule.'
  const at = new Date().toISOString()
  for (const { id: plugin, version } of builds)
    incidentReporter(api)({
      id: crypto.randomUUID().slice(0, 8),
      plugin,
      version,
      unit: 'styles',
      phase: 'style',
      message,
      at,
    })
}
