import { Readable } from 'node:stream'
import tar from 'tar-stream'
import { distrust, TrustError } from '../trust-error.ts'

const largestBytes = 512 * 1024 * 1024
const mostFiles = 5000

/** The files of a bundle's tar archive, in memory. @throws TrustError for anything but plain files of known names, and beyond 512 MiB */
export async function readBundle(source: Readable | Buffer): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>()
  const extract = tar.extract()
  const input = Buffer.isBuffer(source) ? Readable.from([source]) : source
  input.on('error', (error) => extract.destroy(error))
  input.pipe(extract)
  let total = 0
  try {
    for await (const entry of extract) {
      const { name, type } = entry.header
      if (type !== 'file' || !/^(bundle|keys|snapshot)\.json$|^tarballs\/[0-9a-f]{128}\.tgz$/.test(name))
        throw distrust('malformed', 'bundle.foreign', { name: JSON.stringify(name.slice(0, 100)) })
      if (files.has(name) || files.size >= mostFiles) throw distrust('malformed', 'bundle.many')
      const chunks: Buffer[] = []
      for await (const chunk of entry) {
        total += (chunk as Buffer).length
        if (total > largestBytes) throw distrust('malformed', 'bundle.large', { mebibytes: largestBytes / 1024 / 1024 })
        chunks.push(chunk as Buffer)
      }
      files.set(name, Buffer.concat(chunks))
    }
  } catch (error) {
    input.destroy()
    if (error instanceof TrustError) throw error
    throw distrust('malformed', 'bundle.unreadable', { why: (error as Error).message })
  }
  return files
}
