import { useI18n } from '@dcesop/sdk-plugin/ui'
import type { RegionState } from '../api/types.ts'
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
    time: (at: string): string => i18n.d(at, { dateStyle: 'medium', timeStyle: 'short' }),
    /** `Brasil 1.0.0 · México off`; one version when all have the same. */
    versions(states: readonly RegionState[], version: string | null): string {
      const all = new Set(states.map(({ serving }) => serving))
      if (states.length === 0 || (all.size === 1 && all.has(version))) return version ?? ''
      return states.map((one) => `${region(one.region)} ${one.serving ?? i18n.t('list.off')}`).join(' · ')
    },
  }
}
