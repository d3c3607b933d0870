import { uiDirectory } from '@dcesop/sdk-plugin/contracts'
import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { OpenedPackage } from '../store/package-store.ts'

const uiFolder = 'dist/ui/'
const types: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  json: 'application/json; charset=utf-8',
  map: 'application/json; charset=utf-8',
  svg: 'image/svg+xml',
  png: 'image/png',
  webp: 'image/webp',
  woff2: 'font/woff2',
  wasm: 'application/wasm',
}
const compressible = /^(text\/|application\/json|image\/svg)/
const brotli = promisify(brotliCompress)
const gzipped = promisify(gzip)

/** One file as served, with the encodings made so far. */
export interface Asset {
  readonly type: string
  /** `sha384-<base64>`, for the `integrity` of scripts and styles. */
  readonly integrity: string
  encoded(encoding: Encoding): Promise<Buffer>
}

export type Encoding = 'br' | 'gzip' | 'identity'

/** The public files of one package: its UI, and its locales below `locales/`. */
export interface AssetSet {
  /** `/ui/<id>/<version>-<hash8>/`. */
  readonly baseUrl: string
  readonly files: ReadonlyMap<string, Asset>
}

/** @param opened a package whose hashes were checked just now: what is served is what was checked */
export function assetsOf({ manifest, digest, files }: OpenedPackage): AssetSet {
  const locales = `${manifest.i18n.path.replace(/\/$/, '')}/`
  const assets = new Map<string, Asset>()
  for (const [path, content] of files) {
    if (path.startsWith(uiFolder)) assets.set(path.slice(uiFolder.length), assetOf(path, content))
    else if (path.startsWith(locales)) assets.set(`locales/${path.slice(locales.length)}`, assetOf(path, content))
  }
  return { baseUrl: uiDirectory(manifest.id, manifest.version, digest), files: assets }
}

function assetOf(path: string, content: Buffer): Asset {
  const type = types[path.slice(path.lastIndexOf('.') + 1)] ?? 'application/octet-stream'
  const made = new Map<Encoding, Promise<Buffer>>([['identity', Promise.resolve(content)]])
  return {
    type,
    integrity: `sha384-${createHash('sha384').update(content).digest('base64')}`,
    encoded(encoding) {
      const wanted = compressible.test(type) ? encoding : 'identity'
      const known = made.get(wanted) ?? compress(content, wanted)
      made.set(wanted, known)
      return known
    },
  }
}

function compress(content: Buffer, encoding: Encoding): Promise<Buffer> {
  if (encoding === 'gzip') return gzipped(content, { level: 9 })
  return brotli(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } })
}

/** Whether the asset is worth an encoding at all. */
export function isCompressible(asset: Asset): boolean {
  return compressible.test(asset.type)
}
