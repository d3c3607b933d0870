import { createHash } from 'node:crypto'
import type { PluginManifest } from '../manifest/types.ts'
import { bundleFindings } from './bundle-rules.ts'
import { catalogueTextFindings } from './catalogue-text.ts'
import { contentFindings, parseObject } from './content-rules.ts'
import { contractRecordFindings } from './contract-record.ts'
import { contractFindings } from './contracts.ts'
import { type FileList, fileListFindings, fileListPath } from './file-list.ts'
import { finding, PackageError, type PackageFinding } from '../findings/finding.ts'
import { manifestFindings } from './manifest-rules.ts'
import { styleFindings } from './styles/style-findings.ts'
import { readTarball } from './tarball.ts'
import { signatureFindings } from '../signing/publisher-signature.ts'
import { uiExposeFindings } from './ui-exposes.ts'
import { uiSizeFindings } from './ui-size.ts'

/** A package that passed every check. */
export interface PluginPackage {
  readonly manifest: PluginManifest
  readonly files: ReadonlyMap<string, Buffer>
  readonly fileList: FileList
  /** Hex SHA-512 of the tarball: the package's address in the store. */
  readonly sha512: string
}

export interface PackageUse {
  /** A build that only its author sees: not minimized, so that its size says nothing, and its styles disturb nobody else. */
  readonly development?: boolean
}

/** Unpacks and checks a tarball; the same code refuses at pack, publish and install. @throws PackageError with every finding */
export async function readPackage(tarball: Buffer, use: PackageUse = {}): Promise<PluginPackage> {
  const files = await readTarball(tarball)
  const { manifest, fileList } = checkFiles(files, use)
  return { manifest, files, fileList, sha512: createHash('sha512').update(tarball).digest('hex') }
}

/** Checks unpacked files, as they come from a tarball or from the store. @throws PackageError with every finding */
export function checkFiles(
  files: ReadonlyMap<string, Buffer>,
  { development = false }: PackageUse = {},
): { manifest: PluginManifest; fileList: FileList } {
  const { manifest, findings } = manifestFindings(files)
  const list = readFileList(files.get(fileListPath))
  const all: PackageFinding[] = [
    ...contentFindings(files),
    ...bundleFindings(files),
    ...findings,
    ...(manifest ? foundBesideManifest(files, manifest) : []),
    ...(list ? fileListFindings(files, list) : [finding('package-file-list', { file: fileListPath })]),
    ...(development ? [] : uiSizeFindings(files)),
    ...(development || !manifest ? [] : styleFindings(files, manifest)),
    ...signatureFindings(files),
  ]
  if (all.length > 0 || !manifest || !list) throw new PackageError(all)
  return { manifest, fileList: list }
}

function foundBesideManifest(files: ReadonlyMap<string, Buffer>, manifest: PluginManifest): PackageFinding[] {
  return [
    ...catalogueTextFindings(files, manifest),
    ...contractFindings(files, manifest),
    ...contractRecordFindings(files, manifest),
    ...uiExposeFindings(files, manifest),
  ]
}

function readFileList(content: Buffer | undefined): FileList | undefined {
  const parsed = content && parseObject(content)
  const sound = Object.values(parsed ?? { broken: undefined }).every((entry) => {
    const { size, sha256 } = (entry ?? {}) as Record<string, unknown>
    return Number.isInteger(size) && typeof sha256 === 'string' && /^[0-9a-f]{64}$/.test(sha256)
  })
  return sound ? (parsed as FileList) : undefined
}
