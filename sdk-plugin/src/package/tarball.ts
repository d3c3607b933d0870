import { createGunzip, gzipSync } from 'node:zlib'
import { Readable } from 'node:stream'
import tar from 'tar-stream'
import { PackageError } from './findings.ts'
import { collisionFindings, isUnsafePath } from './content-rules.ts'
import { packageLimits } from './limits.ts'

const root = 'package/'
/** Headers and padding around each file; what has more of them only wastes time and memory. */
const envelopeBytes = 4096
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
  if (packed.length > packageLimits.packedBytes) refuse('package-size', `The package has ${packed.length} bytes.`)
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
  try {
    for await (const entry of extract) {
      const { name, type } = entry.header
      if (type === 'directory') {
        entry.resume()
        continue
      }
      if (type !== 'file') refuse('package-entry-type', `"${name}" is a ${type}; only plain files are allowed.`)
      const path = name.startsWith(root) ? name.slice(root.length) : name
      if (!name.startsWith(root) || isUnsafePath(path))
        refuse('package-unsafe-path', `"${name.slice(0, 300)}" is no plain path below ${root}, or too long.`)
      if (files.has(path)) refuse('package-duplicate', `"${path}" is in the tarball twice.`)
      if (files.size >= packageLimits.files) refuse('package-file-count', `More than ${packageLimits.files} files.`)
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
    refuse('package-unreadable', `The bytes are not a gzip tarball (${(error as Error).message}).`)
  }
  const clashes = collisionFindings([...files.keys()])
  if (clashes.size > 0) throw new PackageError([...clashes.values()])
  return files
}

function tooLarge(): PackageError {
  return refusal('package-unpacked-size', 'The unpacked package is too large.')
}

function refuse(rule: string, evidence: string): never {
  throw refusal(rule, evidence)
}

function refusal(rule: string, evidence: string): PackageError {
  return new PackageError([{ rule, evidence, fix: 'Pack it with "dcesop pack".' }])
}
