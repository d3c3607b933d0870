import { readFile } from 'node:fs/promises'
import { SourceMap } from 'node:module'
import path from 'node:path'

/** A place in a built backend, as a stack tells it, with whatever the host puts before the file. */
const builtPlace = /[^\s()]*?\b(dist\/[\w./-]+\.cjs):(\d+):(\d+)/g

/**
 * Tells places in the built backend as the author knows them: `server/main.ts:6:11` for `dist/server.cjs:1204:9`. What the
 * source map beside the build does not know stays as it is.
 */
export async function authorsPlaces(text: string, pluginDir: string): Promise<string> {
  const files = new Set([...text.matchAll(builtPlace)].map(([, file = '']) => file))
  const maps = new Map<string, SourceMap>()
  for (const file of files) {
    const map = await mapOf(path.join(pluginDir, file))
    if (map) maps.set(file, map)
  }
  return text.replace(builtPlace, (whole, file: string, line: string, column: string) => {
    const found = maps.get(file)?.findEntry(Number(line) - 1, Number(column) - 1)
    if (!found || !('originalSource' in found) || !found.originalSource) return whole
    const source = path.posix.normalize(path.posix.join(path.posix.dirname(file), found.originalSource))
    return `${source}:${found.originalLine + 1}:${found.originalColumn + 1}`
  })
}

async function mapOf(file: string): Promise<SourceMap | undefined> {
  try {
    return new SourceMap(
      JSON.parse(await readFile(`${file}.map`, 'utf8')) as ConstructorParameters<typeof SourceMap>[0],
    )
  } catch {
    return undefined
  }
}
