import type { PluginManifest } from '../manifest/types.ts'
import { finding, type PackageFinding } from '../findings/finding.ts'

const entry = 'dist/ui/remoteEntry.js'
/** A key of the container's map of modules, as bundlers write it. */
const exposed = /["'`]\.\/([\w/-]+)["'`]\s*:\s*(?:async\s*)?(?:\(\s*\)\s*=>|function\b)/g

/** Holds the units that the manifest's pages and extensions name against those that the remote's container has. */
export function uiExposeFindings(files: ReadonlyMap<string, Buffer>, { ui }: PluginManifest): PackageFinding[] {
  const code = files.get(entry)?.toString('utf8')
  if (code === undefined) return []
  const declared = new Set([...(ui?.pages ?? []), ...(ui?.extensions ?? [])].map(({ expose }) => expose))
  const there = new Set([...code.matchAll(exposed)].map(([, unit]) => unit as string))
  // A container that is written in another way says nothing here; the shell finds out when it loads a unit.
  if (there.size === 0) return []
  const missing = [...declared].filter((unit) => !there.has(unit))
  const undeclared = [...there].filter((unit) => !declared.has(unit))
  return [
    ...missing.map((unit) => finding('ui-expose-missing', { unit, entry })),
    ...undeclared.map((unit) => finding('ui-expose-undeclared', { unit, entry })),
  ]
}
