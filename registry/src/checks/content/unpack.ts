import { parseStrictJson } from '@dcesop/sdk-plugin/http'
import { checkFiles, manifestPath, PackageError, packageLimits, readTarball } from '@dcesop/sdk-plugin/package'
import { readFile } from 'node:fs/promises'
import type { Contents, Submission } from '../check.ts'
import { finding } from '../findings.ts'

/** Unpacks a tarball within the limits of packages, and a plugin through all that pack and install also refuse. @throws PackageError */
export async function unpack(path: string, submission: Submission): Promise<Contents> {
  const files = await readTarball(await readFile(path))
  const kind = files.has(manifestPath) ? 'plugin' : 'library'
  if (kind === 'plugin') checkFiles(files)
  return { submission, kind, files, packageJson: packageJsonOf(files.get('package.json')) }
}

function packageJsonOf(content: Buffer | undefined): Record<string, unknown> {
  const limit = packageLimits.manifestBytes
  if (!content) throw new PackageError([finding('package-json.missing')])
  // It is in every document of the package that is served.
  if (content.length > limit) throw new PackageError([finding('package-json.size', { size: content.length, limit })])
  const value = parsed(content)
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  throw new PackageError([finding('package-json.object')])
}

function parsed(content: Buffer): unknown {
  try {
    return parseStrictJson(content.toString('utf8').replace(/^\uFEFF/, ''))
  } catch (error) {
    throw new PackageError([finding('package-json.unreadable', { why: (error as Error).message })])
  }
}
