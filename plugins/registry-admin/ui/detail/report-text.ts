import type { I18n } from '@dcesop/sdk-plugin/ui'
import type { IncidentStatus } from '../api/history-answers.ts'

/** How far the report of an incident to the plugin's publisher is. */
export function reportText({ state, at }: IncidentStatus, i18n: Pick<I18n, 't' | 'd'>): string {
  if (at === null) return i18n.t('history.report.waiting')
  return i18n.t(`history.report.${state}`, { when: i18n.d(at, { dateStyle: 'short', timeStyle: 'short' }) })
}
