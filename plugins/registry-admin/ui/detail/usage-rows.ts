import type { Usage } from '../api/host-answers.ts'

export interface UsageRow {
  readonly kind: 'page' | 'panel' | 'point' | 'provides' | 'consumes'
  readonly what: string
  /** The plugins at the other end. */
  readonly others: readonly string[]
}

/** One line for each thing that binds the plugin to others. */
export function usageRows({
  pages = [],
  extensions = [],
  points = [],
  provides = [],
  consumes = [],
}: Usage): UsageRow[] {
  return [
    ...provides.map(({ capability, version, consumers }): UsageRow => ({
      kind: 'provides',
      what: `${capability} ${version}`,
      others: consumers.map(({ plugin }) => plugin),
    })),
    ...consumes.map(({ capability, range, provider }): UsageRow => ({
      kind: 'consumes',
      what: `${capability} ${range}`,
      others: provider === null ? [] : [provider],
    })),
    ...points.map(({ point, fills }): UsageRow => ({
      kind: 'point',
      what: point,
      others: fills.map(({ plugin, unit }) => `${plugin} (${unit})`),
    })),
    ...extensions.map(({ point, unit, owner }): UsageRow => ({
      kind: 'panel',
      what: `${unit} → ${point}`,
      others: owner === null ? [] : [owner],
    })),
    ...pages.map(({ path }): UsageRow => ({ kind: 'page', what: path, others: [] })),
  ]
}
