import { figuresView, sum } from '../canary/figures.ts'
import { latelyMinutes } from '../canary/lately.ts'
import type { Slot } from '../lifecycle/slot.ts'

/** How requests to all versions of a plugin went lately on this host. */
export function healthView(slot: Slot | undefined) {
  const figures = sum((slot?.servings ?? []).map(({ lately }) => lately.figures))
  const { requests, errorRatio, p95Ms } = figuresView(figures)
  return { minutes: latelyMinutes, requests, errorRatio, p95Ms }
}
