import type { Advisory } from '../api/registry-answers.ts'

const order = ['critical', 'high', 'moderate', 'low', 'info']

/** By severity, then by plugin; a severity that is not known comes first, since nobody can say that it is harmless. */
export function gravestFirst(advisories: readonly Advisory[]): Advisory[] {
  return advisories.toSorted(
    (left, right) =>
      order.indexOf(left.severity) - order.indexOf(right.severity) || left.plugin.localeCompare(right.plugin),
  )
}

/** Where an advisory is told in full; undefined for what is no page of the web. */
export function pageOf({ url }: { readonly url?: string | undefined }): string | undefined {
  return url !== undefined && /^https?:\/\//i.test(url) ? url : undefined
}

/** A range without the bound that every version keeps: `<1.1.0` for `>=0.0.0-0 <1.1.0`. */
export function rangeText(range: string): string {
  return range.replace(/>=0\.0\.0-0 (?=[<>])/g, '')
}
