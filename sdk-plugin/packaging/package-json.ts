import { readFileSync } from 'node:fs'
import { findPackageJSON } from 'node:module'
import { compiledPath } from './compile.ts'

interface SourcePackage {
  readonly exports: Readonly<Record<string, string>>
  readonly dependencies: Readonly<Record<string, string>>
  readonly devDependencies: Readonly<Record<string, string>>
  readonly [field: string]: unknown
}

/** Only the packaging itself uses these; what else the workspace has for development is what `dcesop build` runs. */
const packagingOnly = new Set(['es-module-lexer', '@vue/compiler-sfc'])
/** What only the host and the registry use, and no partner installs. */
export const internal = {
  doors: './internal/',
  folder: 'internal/',
  packages: new Set(['@node-rs/argon2', '@zxcvbn-ts/language-common', 'p-limit', 'rate-limiter-flexible']),
}
const kept = ['name', 'version', 'description', 'license', 'type', 'bin']

/** package.json of the packed SDK: compiled files at its doors, and the build's packages as dependencies. */
export function packedPackageJson(source: SourcePackage): Record<string, unknown> {
  const build = Object.entries(source.devDependencies).filter(
    ([name]) => !packagingOnly.has(name) && !name.startsWith('@types/'),
  )
  const own = Object.entries(source.dependencies).filter(([name]) => !internal.packages.has(name))
  const dependencies = Object.fromEntries([...own, ...build])
  const doors = Object.entries(source.exports).filter(([door]) => !door.startsWith(internal.doors))
  return {
    ...Object.fromEntries(kept.map((field) => [field, source[field]])),
    // Node takes types away from the author's own TypeScript from here on.
    engines: { node: '>=22.18' },
    exports: {
      ...Object.fromEntries(doors.map(([door, file]) => [door, doorOf(file)])),
      './package.json': './package.json',
      './plugin-manifest.v1.schema.json': './plugin-manifest.v1.schema.json',
    },
    // For `./testing/playwright` alone: who has no browser specs needs no browser.
    peerDependencies: { '@axe-core/playwright': '^4.11.0', '@playwright/test': '^1.50.0' },
    peerDependenciesMeta: { '@axe-core/playwright': { optional: true }, '@playwright/test': { optional: true } },
    dependencies: Object.fromEntries(
      Object.entries(dependencies)
        .map(([name, range]) => [name, range === '*' ? `^${installedVersion(name)}` : range] as const)
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    ),
  }
}

function doorOf(file: string): string | { types: string; default: string } {
  const built = file.replace('./src/', './dist/')
  return built.endsWith('.ts') ? { types: built.replace(/\.ts$/, '.d.ts'), default: compiledPath(built) } : built
}

/** The workspace takes any version of what another workspace decides; outside there is no other. */
function installedVersion(name: string): string {
  const file = findPackageJSON(name, import.meta.url)
  if (file === undefined) throw new Error(`${name} is not installed.`)
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version
}
