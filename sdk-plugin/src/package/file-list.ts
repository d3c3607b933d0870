import { createHash } from 'node:crypto'
import { finding, type PackageFinding } from '../findings/finding.ts'

export const manifestPath = 'dcesop.plugin.json'
/** Where editors find the manifest's JSON Schema: in the SDK that is installed in the plugin's folder. */
export const schemaInPackage = './node_modules/@dcesop/sdk-plugin/plugin-manifest.v1.schema.json'
export const fileListPath = 'dcesop.files.json'
/** The publisher's signature over the list, a DSSE envelope. */
export const signaturePath = 'dcesop.files.dsse.json'

/** `dcesop.files.json`: every other file of the package, POSIX paths, sorted, with size in bytes and SHA-256 in hex. */
export type FileList = Readonly<Record<string, { readonly size: number; readonly sha256: string }>>

/** Files whose bytes cannot be listed before they exist. */
const unlisted = new Set([fileListPath, signaturePath])

export function listFiles(files: ReadonlyMap<string, Buffer>): FileList {
  const paths = [...files.keys()].filter((path) => !unlisted.has(path)).sort()
  return Object.fromEntries(paths.map((path) => [path, describe(files.get(path) as Buffer)]))
}

/** Compares the files with the list in both directions. */
export function fileListFindings(files: ReadonlyMap<string, Buffer>, list: FileList): PackageFinding[] {
  const actual = listFiles(files)
  const paths = [...new Set([...Object.keys(actual), ...Object.keys(list)])].sort()
  return paths.flatMap((path): PackageFinding[] => {
    const is = Object.hasOwn(actual, path) ? actual[path] : undefined
    const should = Object.hasOwn(list, path) ? list[path] : undefined
    if (!should) return [finding('package-unlisted-file', { path, list: fileListPath })]
    if (!is) return [finding('package-missing-file', { path, list: fileListPath })]
    if (is.size === should.size && is.sha256 === should.sha256) return []
    return [finding('package-changed-file', { path })]
  })
}

function describe(content: Buffer) {
  return { size: content.length, sha256: createHash('sha256').update(content).digest('hex') }
}
