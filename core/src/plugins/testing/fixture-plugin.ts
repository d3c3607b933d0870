import type { KeyObject } from 'node:crypto'
import type { PluginManifest } from '@dcesop/sdk-plugin/manifest'
import { packFiles } from '@dcesop/sdk-plugin/package'
import { minimalManifest } from '@dcesop/sdk-plugin/testing'

/** What differs between fixtures; everything else is the smallest that passes every check. */
export interface Fixture {
  readonly id?: string
  readonly version?: string
  readonly manifest?: Partial<PluginManifest>
  readonly routes?: NonNullable<PluginManifest['backend']>['routes']
  /** Body of `start(context)`, CommonJS; `sdk` is the SDK. */
  readonly start?: string
  readonly files?: Readonly<Record<string, string>>
}

export function fixtureManifest({
  id = 'demo',
  version = '1.0.0',
  routes = [],
  manifest = {},
}: Fixture): PluginManifest {
  return minimalManifest({
    id,
    version,
    titleKey: `${id}.title`,
    ...manifest,
    backend: { entry: 'dist/server.cjs', isolation: 'inline', routes, ...manifest.backend },
  })
}

/** A packed plugin, made by the same code as `dcesop pack`. @param keys private keys of its publisher */
export async function packFixture(fixture: Fixture = {}, keys: readonly KeyObject[] = []): Promise<Buffer> {
  const manifest = fixtureManifest(fixture)
  const files: Record<string, string> = {
    'package.json': JSON.stringify({ name: `@acme/dcesop-${manifest.id}`, version: manifest.version }),
    'dcesop.plugin.json': JSON.stringify(manifest),
    'dist/server.cjs': `const sdk = require('@dcesop/sdk-plugin')\nmodule.exports = { default: { async start(context) {\n${fixture.start ?? ''}\n} } }\n`,
    ...Object.fromEntries(manifest.i18n.locales.map((locale) => [`locales/${locale}.json`, '{"demo.title":"Demo"}'])),
    ...fixture.files,
  }
  return packFiles(new Map(Object.entries(files).map(([path, text]) => [path, Buffer.from(text)])), keys)
}

/** A route declaration with the permission that the harness's agent holds. */
export function route(method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, more: object = {}) {
  return { method, path, permission: 'demo:use', ...more }
}
