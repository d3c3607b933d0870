import type { Difference } from './difference.ts'

/** Several differences of one kind that say little one by one. */
export interface Bundle {
  /** `route` for example; has a message `difference.many.<kind>` with their number. */
  readonly kind: string
  readonly items: readonly Difference[]
}

/** Kinds that come in numbers. */
export const bundledKinds: readonly string[] = [
  'route',
  'defined',
  'capability',
  'need',
  'point',
  'page',
  'panel',
  'publishes',
  'subscribes',
]
/** So many are read one by one. */
const few = 3

/** What came, in bundles where there is much of a kind; what went, and what was changed, stays on its own. */
export function bundled(items: readonly Difference[]): {
  readonly single: readonly Difference[]
  readonly bundles: readonly Bundle[]
} {
  const bundles = bundledKinds
    .map((kind) => ({ kind, items: items.filter(({ text, weight }) => weight === 'note' && text === `${kind}.added`) }))
    .filter((bundle) => bundle.items.length > few)
  const inside = new Set(bundles.flatMap((bundle) => bundle.items))
  return { single: items.filter((item) => !inside.has(item)), bundles }
}
