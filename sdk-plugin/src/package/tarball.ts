import { createGunzip, gzipSync } from 'node:zlib'
import { Readable } from 'node:stream'
import tar from 'tar-stream'
import type { FindingCode, FindingParams } from '../findings/finding-text.ts'
import { finding, PackageError } from '../findings/finding.ts'
import { collisionFindings, isUnsafePath } from './content-rules.ts'
import { packageLimits } from './limits.ts'

const root = 'package/'
/** Headers and padding around each file; what has more of them only wastes time and memory. */
const envelopeBytes = 4096
/** Files, and folders to hold them. */
const mostEntries = packageLimits.files * 2
const streamBytes = packageLimits.unpackedBytes + packageLimits.files * envelopeBytes

/** An npm tarball with sorted entries, no owner and no time: the same files give the same bytes. */
export async function writeTarball(files: ReadonlyMap<string, Buffer>): Promise<Buffer> {
  const pack = tar.pack()
  for (const path of [...files.keys()].sort()) {
    pack.entry({ name: root + path, mode: 0o644, mtime: new Date(0), uid: 0, gid: 0 }, files.get(path) as Buffer)
  }
  pack.finalize()
  const chunks: Buffer[] = []
  for await (const chunk of pack) chunks.push(chunk as Buffer)
  return gzipSync(Buffer.concat(chunks), { level: 9 })
}

/**
 * Unpacks a gzip tarball in memory within the limits; only plain files below `package/`.
 * @throws PackageError on links, devices, unsafe paths, names that collide, too many or too large files, or bytes that are no tarball
 */
export async function readTarball(packed: Buffer): Promise<Map<string, Buffer>> {
  if (packed.length > packageLimits.packedBytes)
    throw refusal('package-size', { bytes: packed.length, most: packageLimits.packedBytes })
  const files = new Map<string, Buffer>()
  const extract = tar.extract()
  const source = Readable.from([packed]).pipe(createGunzip())
  source.on('error', (error) => extract.destroy(error))
  let arrived = 0
  source.on('data', ({ length }: Buffer) => {
    arrived += length
    if (arrived > streamBytes) source.destroy(tooLarge())
  })
  source.pipe(extract)
  let total = 0
  let entries = 0
  try {
    for await (const entry of extract) {
      const { name, type } = entry.header
      // Folders are not kept, but each costs time: a small archive has room for a hundred thousand.
      if ((entries += 1) > mostEntries) throw refusal('package-file-count.entries', { most: mostEntries })
      if (type === 'directory') {
        entry.resume()
        continue
      }
      if (type !== 'file') throw refusal('package-entry-type', { name, type: type ?? 'other' })
      const path = name.startsWith(root) ? name.slice(root.length) : name
      if (!name.startsWith(root) || isUnsafePath(path))
        throw refusal('package-unsafe-path.entry', { name: name.slice(0, 300), root })
      if (files.has(path)) throw refusal('package-duplicate.twice', { path })
      if (files.size >= packageLimits.files) throw refusal('package-file-count.files', { most: packageLimits.files })
      const chunks: Buffer[] = []
      for await (const chunk of entry) {
        total += (chunk as Buffer).length
        if (total > packageLimits.unpackedBytes) throw tooLarge()
        chunks.push(chunk as Buffer)
      }
      files.set(path, Buffer.concat(chunks))
    }
  } catch (error) {
    source.destroy()
    if (error instanceof PackageError) throw error
    throw refusal('package-unreadable', { why: (error as Error).message })
  }
  const clashes = collisionFindings([...files.keys()])
  if (clashes.size > 0) throw new PackageError([...clashes.values()])
  return files
}

function tooLarge(): PackageError {
  return refusal('package-unpacked-size')
}

function refusal(code: FindingCode, params?: FindingParams): PackageError {
  return new PackageError([finding(code, params)])
}
