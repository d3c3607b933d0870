import type { Manifest } from '../api/manifest.ts'

/** One thing that a version says of itself; `key` ends its message id. */
export interface VersionFact {
  readonly key: 'engine' | 'changelog' | 'docs' | 'owner' | 'contact' | 'licence'
  readonly value: string
  /** Where it leads, when it is an address of the web. */
  readonly href: string | undefined
}

/** On which platform it runs, what changed in it, and who answers for it; what it does not say is left out. */
export function versionFacts({ engines, support = {} }: Manifest): VersionFact[] {
  const { changelog, docs, owner, contact, licence } = support
  const all = { engine: engines?.dcesop, changelog, docs, owner, contact, licence }
  return Object.entries(all).flatMap(([key, value]) =>
    value === undefined || value === ''
      ? []
      : [{ key: key as VersionFact['key'], value, href: /^https:\/\/\S+$/.test(value) ? value : undefined }],
  )
}
