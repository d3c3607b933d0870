import type { RegionId } from '@dcesop/sdk-plugin'

export type DocumentKind = 'CPF' | 'CURP' | 'RFC' | 'CC'
export type Country = 'BR' | 'MX' | 'CO'

/** What the country of a region settles: how its numbers are read and which identity documents its people carry. */
export interface RegionProfile {
  readonly country: Country
  readonly timeZone: string
  readonly documents: readonly DocumentKind[]
}

const profiles: Readonly<Record<string, RegionProfile>> = {
  br: { country: 'BR', timeZone: 'America/Sao_Paulo', documents: ['CPF'] },
  mx: { country: 'MX', timeZone: 'America/Mexico_City', documents: ['CURP', 'RFC'] },
  co: { country: 'CO', timeZone: 'America/Bogota', documents: ['CC'] },
}

/** Profile of a region; undefined when customers of that region are not kept by this plugin. */
export function regionProfile(region: RegionId): RegionProfile | undefined {
  return Object.hasOwn(profiles, region) ? profiles[region] : undefined
}
