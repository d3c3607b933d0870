import type { Field } from './fields.ts'
import { onLevel } from './origin.ts'
import { at, has, pathOf, same } from './pointer.ts'
import { type CheckAnswer, type ConfigAnswer, everywhere, type Json, type Level } from './types.ts'

/** One setting before and after a change, on its level and in the regions where something comes of it. */
export interface Difference {
  readonly field: Field
  readonly before: unknown
  readonly after: unknown
  /** Takes away what was set, so that the value comes from below again. */
  readonly unset: boolean
  /** Regions of the person that get another value. */
  readonly reaches: readonly string[]
  /** Regions that keep a value of their own. */
  readonly keeps: readonly string[]
}

/** @param next what will be set on the level */
export function differences(
  config: ConfigAnswer,
  level: Level,
  { part, next, fields }: { readonly part: Json; readonly next: Json; readonly fields: readonly Field[] },
  { effective }: CheckAnswer,
): Difference[] {
  return fields
    .filter(({ path }) => has(part, path) !== has(next, path) || !same(at(part, path), at(next, path)))
    .map((field) => {
      const { path } = field
      const own = (region: string) => level === everywhere && has(config.regions[region], path)
      const regions = Object.keys(effective)
      return {
        field,
        before: onLevel(config, level, part, path).value,
        after: onLevel(config, level, next, path).value,
        unset: !has(next, path),
        reaches: regions.filter((region) => !same(at(config.effective?.[region], path), at(effective[region], path))),
        keeps: regions.filter(own),
      }
    })
}

/** The same for what an earlier change did, by two revisions. */
export function changeBetween(
  before: ConfigAnswer,
  after: ConfigAnswer,
  region: string | null,
  pointer: string,
): { readonly was: unknown; readonly is: unknown } {
  const partIn = (config: ConfigAnswer) => (region === null ? config.global : config.regions[region])
  return { was: at(partIn(before), pathOf(pointer)), is: at(partIn(after), pathOf(pointer)) }
}
