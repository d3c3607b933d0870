import { fileListPath, PackageError, readPackage } from '@dcesop/sdk-plugin/package'
import type { PluginManifest } from '@dcesop/sdk-plugin/manifest'
import { createHash, randomUUID } from 'node:crypto'
import { access, chmod, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'
import pLimit from 'p-limit'
import { PassedChecks } from './passed-checks.ts'

/** What the catalogue remembers of a package: enough to notice that the folder was changed together with its own list. */
export interface StoredPackage {
  /** Hex SHA-512 of the tarball. */
  readonly digest: string
  /** Hex SHA-256 of `dcesop.files.json`. */
  readonly listHash: string
  readonly manifest: PluginManifest
}

/** A package whose every byte was compared with the hashes recorded at installation. */
export interface OpenedPackage extends StoredPackage {
  readonly files: ReadonlyMap<string, Buffer>
}

/** Content-addressed, read-only folders `<root>/<sha512>/` of unpacked plugin packages. */
export class PackageStore {
  readonly #root: string
  /** Packages are unpacked one after the other: each removes what a crash left, and must not find what another is writing. */
  readonly #oneByOne = pLimit(1)
  readonly #passed = new PassedChecks()

  constructor(root: string) {
    this.#root = root
  }

  /** Unpacks a tarball that passes every check; putting the same bytes again does nothing. @throws PackageError with every finding */
  async put(tarball: Buffer): Promise<StoredPackage> {
    const { manifest, files, fileList, sha512: digest } = await readPackage(tarball)
    this.#passed.add(files, { manifest, fileList })
    const stored = { digest, listHash: listHashOf(files), manifest }
    await this.#oneByOne(() => this.#unpack(files, stored))
    return stored
  }

  async #unpack(files: ReadonlyMap<string, Buffer>, { digest, listHash }: StoredPackage): Promise<void> {
    const target = join(this.#root, digest)
    await mkdir(this.#root, { recursive: true })
    await this.#sweep()
    if (await this.#isSound(target, listHash)) return
    const temporary = join(this.#root, `.tmp-${randomUUID()}`)
    // Alone, since mkdir with `recursive` says ENOENT where a disk is read-only.
    await mkdir(temporary)
    try {
      for (const [path, content] of files) await writeDurably(join(temporary, path), content)
      await sealFolders(temporary)
      await removeFolder(target)
      await rename(temporary, target)
    } catch (error) {
      // A disk that is full stays full with half a package on it.
      await removeFolder(temporary)
      throw error
    }
    await syncFolder(this.#root)
  }

  /** Whether its folder is here; not whether it is sound. */
  async has(digest: string): Promise<boolean> {
    return access(join(this.#root, digest)).then(
      () => true,
      () => false,
    )
  }

  /**
   * Reads a package back, comparing every file with the list and the list with `listHash`.
   * @throws PackageError that names each file that is missing, added or changed
   */
  async open(digest: string, listHash: string): Promise<OpenedPackage> {
    const files = await readFolder(join(this.#root, digest))
    if (files.size > 0 && files.has(fileListPath) && listHashOf(files) !== listHash)
      throw new PackageError([changedList])
    return { digest, listHash, manifest: this.#passed.check(files), files }
  }

  /** One file of a package as text, not compared with the hashes; undefined when it is not there. */
  async text(digest: string, path: string): Promise<string | undefined> {
    return readFile(join(this.#root, digest, path), 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined
      throw error
    })
  }

  async #isSound(folder: string, listHash: string): Promise<boolean> {
    try {
      const files = await readFolder(folder)
      this.#passed.check(files)
      return listHashOf(files) === listHash
    } catch (error) {
      if (error instanceof PackageError) return false
      throw error
    }
  }

  /** Removes what a crash left half unpacked. */
  async #sweep(): Promise<void> {
    const left = (await readdir(this.#root)).filter((name) => name.startsWith('.tmp-'))
    await Promise.all(left.map((name) => removeFolder(join(this.#root, name))))
  }
}

const changedList = {
  rule: 'package-changed-file',
  evidence: `"${fileListPath}" is not the list that was installed (SHA-256 differs).`,
  fix: 'Upload the package again.',
}

function listHashOf(files: ReadonlyMap<string, Buffer>): string {
  return createHash('sha256')
    .update(files.get(fileListPath) ?? '')
    .digest('hex')
}

async function readFolder(folder: string): Promise<Map<string, Buffer>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(missingAsEmpty)
  const files = entries.filter((entry) => !entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name))
  const read = await Promise.all(
    files.map(async (file) => {
      const path = relative(folder, file).split(sep).join('/')
      return [path, await readFile(file).catch(({ code }: NodeJS.ErrnoException) => unreadable(path, code))] as const
    }),
  )
  return new Map(read)
}

/** A bad sector, or something else in the file's place: the bytes that were installed are not there. */
function unreadable(path: string, code: string | undefined): never {
  const evidence = `"${path}" cannot be read from the store (${code}).`
  throw new PackageError([{ rule: 'package-missing-file', evidence, fix: 'Upload the package again.' }])
}

function missingAsEmpty(error: NodeJS.ErrnoException): [] {
  if (error.code === 'ENOENT') return []
  throw error
}

async function writeDurably(file: string, content: Buffer): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  const handle = await open(file, 'wx', 0o444)
  try {
    await handle.writeFile(content)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function sealFolders(root: string): Promise<void> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true })
  const folders = entries.filter((entry) => entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name))
  for (const folder of [...folders, root]) {
    await syncFolder(folder)
    await chmod(folder, 0o555)
  }
}

/** Sealed folders must be opened again before their entries can go. */
async function removeFolder(folder: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(missingAsEmpty)
  const folders = entries.filter((entry) => entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name))
  for (const inner of folders.length + entries.length > 0 ? [folder, ...folders] : []) await chmod(inner, 0o755)
  await rm(folder, { recursive: true, force: true })
}
