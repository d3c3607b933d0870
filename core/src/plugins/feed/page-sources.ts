import type { PageSources } from '../../http/security-headers.ts'
import type { Slot } from '../lifecycle/slot.ts'

/**
 * Origins under `ui.csp` of what serves now, in any region or to anybody: the page is the same for all, and is there before anybody
 * signs in. No manifest names one whose host it does not ask for as `http:egress`, and none serves that was not approved.
 */
export function pageSources(slots: Iterable<Slot>): PageSources {
  const declared = [...slots].flatMap(({ generations }) =>
    generations.flatMap(({ manifest }) => manifest.ui?.csp ?? []),
  )
  const of = (list: keyof PageSources) => [...new Set(declared.flatMap((csp) => csp[list] ?? []))].sort()
  return { connect: of('connect'), img: of('img'), font: of('font') }
}
