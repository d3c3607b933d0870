import { notFound } from '../backend/problem.ts'

/** What a generation is given of its plugin's configuration. */
export interface GivenConfig {
  /** Where no region is meant. */
  readonly value: unknown
  /** In each region that the generation serves. */
  readonly regions: Readonly<Record<string, unknown>>
}

/** `context.configOf` of a plugin. */
export function configIn({ regions }: GivenConfig): (region: string) => unknown {
  return (region) => {
    if (!Object.hasOwn(regions, region)) throw notFound()
    return regions[region]
  }
}
