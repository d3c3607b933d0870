import type { I18n } from '../host.ts'
import { factsOf, type Point } from './series.ts'

/** The sentence of rule C1: last, minimum, maximum, period and trend, with units and in the person's language. */
export function summarize(
  name: string,
  points: readonly Point[],
  format: (value: number) => string,
  text: I18n,
): string {
  const facts = factsOf(points)
  if (facts === undefined) return `${name}: ${text.t('ui.chart.noData')}`
  const time: Intl.DateTimeFormatOptions = { dateStyle: 'short', timeStyle: 'short' }
  const told = text.t('ui.chart.summary', {
    name,
    last: format(facts.last.value),
    min: format(facts.min),
    max: format(facts.max),
    from: text.d(facts.first.at, time),
    to: text.d(facts.last.at, time),
  })
  // A sentence that ends in "p.m." takes no second point.
  const sentence = told.replace(/\.\.$/, '.')
  return `${sentence} ${text.t('ui.chart.summary.trend', { trend: facts.trend })}`
}
