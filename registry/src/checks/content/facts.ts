import {
  contractDigest,
  contractRecordPath,
  contractsIn,
  type FileList,
  fileListPath,
  PackageError,
  parseContractRecord,
} from '@dcesop/sdk-plugin/package'
import { type Envelope, publisherEnvelope } from '@dcesop/sdk-plugin/signing'
import type { PackageKind, StoredContract } from '../../storage/documents.ts'
import type { Contents } from '../check.ts'
import { finding } from '../findings.ts'
import { type Component, componentsOf, sbomPath } from './components.ts'

/** What the registry keeps of a package beside its bytes, all read from the tarball itself. */
export interface PackageFacts {
  readonly kind: PackageKind
  /** package.json as JSON text. */
  readonly manifest: string
  readonly abbreviated: string
  readonly readme: string
  readonly plugin: string | null
  /** The publisher's signature over a plugin's file list; that it is about this list was checked. */
  readonly signature: Envelope | null
  /** What its bill of materials says is bundled. */
  readonly components: readonly Component[]
  /** What a plugin relies on in capabilities of others. */
  readonly contracts: readonly StoredContract[]
  /** SHA-256 of the consumers' contracts that its specs kept, as its publisher says. */
  readonly contractsKept: readonly string[]
  /** SHA-256 in hex of the files of its user interface, by path below `dist/ui/`. */
  readonly ui: Readonly<Record<string, string>>
  readonly fileCount: number
  readonly unpackedSize: number
}

const uiFolder = 'dist/ui/'
const longestReadme = 64 * 1024
/** What an installer reads; see npm's package metadata format. */
const forInstallers = [
  'name',
  'version',
  'dependencies',
  'optionalDependencies',
  'devDependencies',
  'peerDependencies',
  'peerDependenciesMeta',
  'bundleDependencies',
  'bin',
  'directories',
  'engines',
  'os',
  'cpu',
  'libc',
  'funding',
]
const objects = ['dependencies', 'optionalDependencies', 'devDependencies', 'peerDependencies', 'peerDependenciesMeta']

export function factsOf({ kind, files, packageJson }: Contents): PackageFacts {
  const manifest = normalised(packageJson)
  const picked = forInstallers.filter((name) => name in manifest).map((name) => [name, manifest[name]])
  const readme = [...files.keys()].find((path) => /^readme(\.(md|markdown|txt))?$/i.test(path))
  return {
    kind,
    manifest: JSON.stringify(manifest),
    abbreviated: JSON.stringify({
      ...Object.fromEntries(picked),
      ...(files.has('npm-shrinkwrap.json') ? { _hasShrinkwrap: true } : {}),
    }),
    readme: (readme === undefined ? '' : (files.get(readme) as Buffer).toString('utf8')).slice(0, longestReadme),
    plugin: kind === 'plugin' ? (files.get('dcesop.plugin.json') as Buffer).toString('utf8') : null,
    signature: kind === 'plugin' ? (publisherEnvelope(files) ?? null) : null,
    components: componentsOf(files.get(sbomPath)).map(({ name, version }) => ({ name, version })),
    contracts: kind === 'plugin' ? contractsOf(files) : [],
    contractsKept: kind === 'plugin' ? keptBy(files) : [],
    ui: kind === 'plugin' ? uiFiles(files) : {},
    fileCount: files.size,
    unpackedSize: [...files.values()].reduce((total, { length }) => total + length, 0),
  }
}

function contractsOf(files: Contents['files']): StoredContract[] {
  return contractsIn(files).map((contract) => {
    const { capability, range, consumer } = contract
    return { capability, range, consumer, sha256: contractDigest(contract), text: JSON.stringify(contract) }
  })
}

function keptBy(files: Contents['files']): string[] {
  const record = files.get(contractRecordPath)
  return ((record && parseContractRecord(record))?.kept ?? []).map(({ sha256 }) => sha256)
}

/** From the list that the publisher signed, and that was held against the files. */
function uiFiles(files: Contents['files']): Record<string, string> {
  const list = JSON.parse((files.get(fileListPath) as Buffer).toString('utf8')) as FileList
  const own = Object.entries(list).filter(([path]) => path.startsWith(uiFolder))
  return Object.fromEntries(own.map(([path, { sha256 }]) => [path.slice(uiFolder.length), sha256]))
}

/** The few spellings that a registry evens out; whatever begins with an underscore is the registry's to say. @throws PackageError */
function normalised(packageJson: Contents['packageJson']): Record<string, unknown> {
  const kept = Object.entries(packageJson).filter(([name]) => !/^_|^(dist|readme|deprecated|maintainers)$/.test(name))
  const manifest: Record<string, unknown> = Object.fromEntries(kept)
  for (const name of objects) {
    const value = manifest[name]
    const sound = value === undefined || (typeof value === 'object' && value !== null && !Array.isArray(value))
    if (!sound) throw new PackageError([finding('package-json.member', { member: name })])
  }
  const bundled = manifest['bundledDependencies']
  if (bundled !== undefined && manifest['bundleDependencies'] === undefined) manifest['bundleDependencies'] = bundled
  delete manifest['bundledDependencies']
  const { bin, name } = manifest
  // Another name than that of the address is refused by the check of the identity.
  if (typeof bin === 'string')
    manifest['bin'] = typeof name === 'string' ? { [name.replace(/^@[^/]+\//, '')]: bin } : {}
  else if (bin !== undefined && (typeof bin !== 'object' || bin === null))
    throw new PackageError([finding('package-json.bin')])
  return manifest
}
