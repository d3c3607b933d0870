import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'

const formats = [
  ['.br', (bytes) => promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } })],
  ['.gz', (bytes) => promisify(gzip)(bytes, { level: 9 })],
]

/** Writes `.br` and `.gz` beside each script and style sheet, which the host serves as they are. Names carry hashes, so known ones stay. */
export async function compressAssets(directory) {
  const names = await readdir(directory)
  const known = new Set(names)
  for (const name of names.filter((each) => /\.(js|css)$/.test(each))) {
    const bytes = await readFile(join(directory, name))
    for (const [extension, compress] of formats)
      if (!known.has(name + extension)) await writeFile(join(directory, name + extension), await compress(bytes))
  }
}
