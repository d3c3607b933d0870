import { createHash } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { packFiles } from '@dcesop/sdk-plugin/package'
import { minimalManifest } from '@dcesop/sdk-plugin/testing'
import tar, { type Header } from 'tar-stream'
import type { Json } from '@dcesop/sdk-plugin/host'

export interface TestPackage {
  readonly name: string
  readonly version?: string
  readonly tag?: string
  /** Members of package.json beside name and version. */
  readonly packageJson?: Json
  /** Files beside package.json. */
  readonly files?: Readonly<Record<string, string | Buffer>>
  /** Instead of a tarball made from the files. */
  readonly tarball?: Buffer
}

/** What an npm client would PUT. */
export async function publishBody(wish: TestPackage): Promise<Json> {
  const { name, version = '1.0.0', tag = 'latest', packageJson = {} } = wish
  const tarball = wish.tarball ?? (await libraryTarball(wish))
  const file = `${name}-${version}.tgz`
  const dist = {
    integrity: `sha512-${createHash('sha512').update(tarball).digest('base64')}`,
    shasum: createHash('sha1').update(tarball).digest('hex'),
    tarball: `http://localhost/${name}/-/${file}`,
  }
  return {
    _id: name,
    name,
    'dist-tags': { [tag]: version },
    versions: { [version]: { ...packageJson, name, version, _id: `${name}@${version}`, dist } },
    access: null,
    _attachments: {
      [file]: { content_type: 'application/octet-stream', data: tarball.toString('base64'), length: tarball.length },
    },
  }
}

export function libraryTarball({
  name,
  version = '1.0.0',
  packageJson = {},
  files = {},
}: TestPackage): Promise<Buffer> {
  const all = { 'package.json': JSON.stringify({ ...packageJson, name, version }), ...files }
  return tarballOf(Object.entries(all).map(([path, content]) => [{ name: `package/${path}` }, content]))
}

/** A tarball of any entries, also of such as no client would make. */
export async function tarballOf(
  entries: readonly (readonly [Partial<Header> & { readonly name: string }, (string | Buffer)?])[],
): Promise<Buffer> {
  const pack = tar.pack()
  for (const [header, content] of entries) pack.entry(header as Header, content ?? '')
  pack.finalize()
  const gzip = createGzip()
  const [tarball] = await Promise.all([buffer(gzip), pipeline(pack, gzip)])
  return tarball
}

/** The files of a small plugin. @param name `@publisher/dcesop-<id>` */
export function pluginFiles(name: string, version = '1.0.0', manifest: Json = {}): Map<string, Buffer> {
  const id = name.split('/dcesop-')[1] as string
  const locales = ['es', 'pt-BR', 'en'].map((locale): [string, Buffer] => [`locales/${locale}.json`, json({})])
  return new Map([
    ['package.json', json({ name, version })],
    ['sbom.cdx.json', json({ bomFormat: 'CycloneDX', specVersion: '1.6', components: [] })],
    ['dcesop.plugin.json', json({ ...minimalManifest(), id, version, ...manifest })],
    ...locales,
  ])
}

/** The tarball of a small plugin, packed as `dcesop pack` does. */
export function pluginTarball(name: string, version = '1.0.0', manifest: Json = {}): Promise<Buffer> {
  return packFiles(pluginFiles(name, version, manifest))
}

function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value))
}
