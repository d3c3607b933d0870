import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Where packed plugins come from. */
export interface PackageSource {
  readonly name: string
  /** Tarballs, one after the other, in a stable order. */
  tarballs(): AsyncIterable<{ readonly file: string; readonly content: Buffer }>
}

/** The packages that came with the release: every `*.tgz` of a folder, by name. */
export function directorySource(folder: string): PackageSource {
  return {
    name: 'bundled',
    async *tarballs() {
      const names = (await readdir(folder)).filter((name) => name.endsWith('.tgz')).sort()
      for (const name of names) yield { file: name, content: await readFile(join(folder, name)) }
    },
  }
}
