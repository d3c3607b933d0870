import type { PluginManifest } from '../manifest/types.ts'
import { finding, type PackageFinding } from '../findings/finding.ts'

const form = /^[0-9]{4}-[a-z0-9]+(-[a-z0-9]+)*\.cjs$/

/** One file of `data.migrations`, with what names it in the host's records. */
export interface MigrationFile {
  /** File name without its ending, for example `0001-split-names`. */
  readonly name: string
  readonly path: string
}

/** The migrations of a package in the order in which they run: by number. */
export function migrationFiles(manifest: PluginManifest, paths: Iterable<string>): MigrationFile[] {
  return inFolder(manifest, paths)
    .map((path) => ({ name: nameOf(path).replace(/\.cjs$/, ''), path }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** Files of the folder that are no migration, and numbers that are used twice. */
export function migrationFindings(manifest: PluginManifest, paths: Iterable<string>): PackageFinding[] {
  const names = inFolder(manifest, paths).map(nameOf)
  const misnamed = names.filter((name) => !form.test(name))
  const numbers = names.map((name) => name.slice(0, 4))
  const twice = names.filter((name, index) => form.test(name) && numbers.indexOf(name.slice(0, 4)) !== index)
  return [
    ...misnamed.map((name) => finding('package-migration.name', { name })),
    ...twice.map((name) => finding('package-migration.twice', { name })),
  ]
}

function inFolder({ data }: PluginManifest, paths: Iterable<string>): string[] {
  if (data?.migrations === undefined) return []
  const folder = `${data.migrations.replace(/\/$/, '')}/`
  return [...paths].filter((path) => path.startsWith(folder))
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}
