import type { PluginManifest } from '@dcesop/sdk-plugin/manifest'
import { minimalManifest } from '@dcesop/sdk-plugin/testing'
import type { Candidate } from '../distribution/resolve/candidates.ts'

/** The same numbers for the same seed (mulberry32). @returns a number from 0 to below 1 */
export function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** A registry in which each plugin provides a capability and most need some of others, in ranges that often exclude the newest. */
export function generatedRegistry(plugins: number, versionsEach: number, seed = 1): Candidate[] {
  const random = seeded(seed)
  const pick = (below: number) => Math.floor(random() * below)
  return Array.from({ length: plugins }, (_, plugin) =>
    Array.from({ length: versionsEach }, (_none, index): Candidate => {
      const [major, minor] = [1 + Math.floor(index / 5), index % 5]
      const version = `${major}.${minor}.0`
      // Only of plugins made before, so that none waits for itself.
      const consumes = Array.from({ length: plugin === 0 ? 0 : pick(4) }, () => {
        const of = pick(plugin)
        return { capability: `cap.p${of}`, range: `^${1 + pick(Math.min(4, major + 1))}.0.0` }
      })
      const different = consumes.filter(
        ({ capability }, at) => consumes.findIndex((other) => other.capability === capability) === at,
      )
      const change: Partial<PluginManifest> = { provides: { [`cap.p${plugin}`]: version }, consumes: different }
      const id = `p${plugin}`
      return { plugin: id, version, manifest: minimalManifest({ id, version, ...change }), barred: undefined }
    }),
  ).flat()
}
