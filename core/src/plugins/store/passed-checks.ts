import { checkFiles, fileListFindings, fileListPath, PackageError, signaturePath } from '@dcesop/sdk-plugin/package'
import type { PluginManifest } from '@dcesop/sdk-plugin/manifest'
import { createHash } from 'node:crypto'

type Passed = ReturnType<typeof checkFiles>

const mostKept = 200

/**
 * What passed every check since this process began. A list of files names each of their bytes, so files that are as listed pass again:
 * all rules, of which those for styles and schemas take longest, need not be applied at each start of what was just put.
 */
export class PassedChecks {
  readonly #kept = new Map<string, Passed>()

  add(files: ReadonlyMap<string, Buffer>, passed: Passed): void {
    this.#kept.set(keyOf(files), passed)
    if (this.#kept.size > mostKept) this.#kept.delete(this.#kept.keys().next().value as string)
  }

  /** @throws PackageError with every finding */
  check(files: ReadonlyMap<string, Buffer>): PluginManifest {
    const before = this.#kept.get(keyOf(files))
    const changed = before ? fileListFindings(files, before.fileList) : []
    if (changed.length > 0) throw new PackageError(changed)
    const { manifest, fileList } = before ?? checkFiles(files)
    this.add(files, { manifest, fileList })
    return manifest
  }
}

/** The list, and the signature that cannot be in it. */
function keyOf(files: ReadonlyMap<string, Buffer>): string {
  const hash = createHash('sha256')
  for (const path of [fileListPath, signaturePath])
    hash.update(`${files.get(path)?.length}\n`).update(files.get(path) ?? '')
  return hash.digest('hex')
}
