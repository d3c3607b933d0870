import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A disk of its own in memory, of a few megabytes. */
export interface SmallDisk {
  folder: string
  setReadOnly(readOnly: boolean): void
  dispose(): void
}

/** Mounts a small disk; undefined where this process may not mount. */
export function mountSmallDisk(megabytes: number): SmallDisk | undefined {
  const root = mkdtempSync(join(tmpdir(), 'embedded-db-disk-'))
  const folder = join(root, 'disk')
  mkdirSync(folder)
  const mount = (options: string): void => {
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder], { stdio: 'ignore' })
  }
  try {
    mount(`size=${megabytes}m`)
  } catch {
    rmSync(root, { recursive: true })
    return undefined
  }
  return {
    folder,
    setReadOnly: (readOnly) => mount(`remount,${readOnly ? 'ro' : 'rw'}`),
    dispose: () => {
      execFileSync('umount', ['-l', folder])
      rmSync(root, { recursive: true })
    },
  }
}
