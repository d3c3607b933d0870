import type { LiveIncident } from '../live/types.ts'

/** Answer of `GET /overview`. */
export interface Overview {
  readonly region: string
  readonly at: string
  readonly incidents: readonly LiveIncident[]
  readonly sites: readonly {
    readonly site: string
    readonly degraded: number
    readonly critical: number
    readonly simulated: boolean
  }[]
  readonly degraded: number
  readonly critical: number
}
