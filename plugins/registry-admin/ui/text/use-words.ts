import { useI18n } from '@dcesop/sdk-plugin/ui'
import type { Finding, RegionState } from '../api/host-answers.ts'
import type { Contents } from './contents.ts'
import { stateId } from './state.ts'

const regions = new Set(['br', 'mx', 'co'])

/** Words that several screens share. */
export function useWords() {
  const i18n = useI18n()
  const region = (id: string): string => (regions.has(id) ? i18n.t(`region.${id}`) : id)
  return {
    region,
    state(state: string): string {
      const id = stateId(state)
      return id === undefined ? state : i18n.t(id)
    },
    /** What is said against a version: the registry's own words, or where; empty where the rule says it all. */
    finding({ rule, reason, regions: where }: Finding): string {
      if (rule === 'unlisted') return ''
      return rule === 'unapproved' && where ? i18n.list(where.map(region)) : reason
    },
    /** Of files, by base 1000. */
    size(bytes: number | null): string {
      if (bytes === null) return i18n.t('list.unknown')
      const size =
        bytes < 1e6 ? i18n.t('list.size.kb', { size: Math.ceil(bytes / 1000) }) : i18n.unit(bytes / 1e6, 'MB', 1)
      // A number stays in the line of its unit.
      return size.replaceAll(' ', '\u00a0')
    },
    /** Which halves a plugin has. */
    kinds(kinds: Contents['kinds']): string {
      if (kinds === null) return i18n.t('list.unknown')
      const [first = 'none', ...others] = kinds
      return i18n.t(`list.kinds.${others.length > 0 ? 'both' : first}`)
    },
    /** Of requests: 0.012 is 1.2 %. */
    share: (ratio: number): string => i18n.n(ratio, { style: 'percent', maximumFractionDigits: 1 }),
    time: (at: string): string => i18n.d(at, { dateStyle: 'medium', timeStyle: 'short' }),
    /** `Brasil 1.0.0 · México off`; one version, or that it is off, when all have the same. */
    versions(states: readonly RegionState[], version: string | null): string {
      const off = i18n.t('list.off')
      const all = [...new Set(states.map(({ serving }) => serving ?? off))]
      if (all.length <= 1) return all[0] ?? version ?? ''
      return states.map((one) => `${region(one.region)} ${one.serving ?? off}`).join(' · ')
    },
  }
}
