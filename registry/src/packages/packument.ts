import { parseName, tarballName } from './names.ts'
import type { ShownPackage, ShownVersion } from './shown-package.ts'

export type PackumentForm = 'full' | 'abbreviated'

export interface Maintainer {
  readonly name: string
  readonly email: string
}

/** The manifest of one version as clients get it, as JSON text: no parsing for what the registry only passes on. */
export function manifestText(version: ShownVersion, form: PackumentForm, base: string): string {
  const name = parseName(version.package)
  const tarball = `${base}/${name.full}/-/${tarballName(name, version.version)}`
  const shown = {
    ...(form === 'full'
      ? { _id: version._id, _npmUser: { name: version.publishedBy, email: '' }, dcesop: { kind: version.kind } }
      : {}),
    dist: { ...version.dist, tarball },
    ...(version.deprecated === null ? {} : { deprecated: version.deprecated }),
  }
  const stored = form === 'full' ? version.manifest : version.abbreviated
  return `${stored.slice(0, -1)},${JSON.stringify(shown).slice(1)}`
}

export interface PackumentSource extends Pick<ShownPackage, 'found' | 'tags'> {
  readonly versions: readonly ShownVersion[]
  readonly maintainers: readonly Maintainer[]
  readonly readme: string
}

/** A whole package document as JSON text. */
export function packumentText(source: PackumentSource, form: PackumentForm, base: string): string {
  const { found, versions, tags } = source
  const shown = versions.map((version) => `${JSON.stringify(version.version)}:${manifestText(version, form, base)}`)
  const frame = form === 'full' ? fullFrame(source) : { name: found._id, modified: found.modifiedAt }
  return `${JSON.stringify({ ...frame, 'dist-tags': tags }).slice(0, -1)},"versions":{${shown.join()}}}`
}

function fullFrame({ found, tags: { latest }, versions, maintainers, readme }: PackumentSource): object {
  const manifest = JSON.parse(versions.find(({ version }) => version === latest)?.manifest ?? '{}') as object
  const about = ['description', 'keywords', 'license', 'author', 'homepage', 'repository', 'bugs', 'contributors']
  return {
    _id: found._id,
    _rev: found.rev,
    name: found._id,
    ...Object.fromEntries(Object.entries(manifest).filter(([member]) => about.includes(member))),
    maintainers,
    time: {
      created: found.createdAt,
      modified: found.modifiedAt,
      ...Object.fromEntries(versions.map(({ version, publishedAt }) => [version, publishedAt])),
    },
    readme,
    ...(readme === '' ? {} : { readmeFilename: 'README.md' }),
  }
}
