import { parseStrictJson } from '@dcesop/sdk-plugin/http'
import { checkFiles, manifestPath, PackageError, packageLimits, readTarball } from '@dcesop/sdk-plugin/package'
import { readFile } from 'node:fs/promises'
import type { Contents, Submission } from '../check.ts'

/** Unpacks a tarball within the limits of packages, and a plugin through all that pack and install also refuse. @throws PackageError */
export async function unpack(path: string, submission: Submission): Promise<Contents> {
  const files = await readTarball(await readFile(path))
  const kind = files.has(manifestPath) ? 'plugin' : 'library'
  if (kind === 'plugin') checkFiles(files)
  return { submission, kind, files, packageJson: packageJsonOf(files.get('package.json')) }
}

function packageJsonOf(content: Buffer | undefined): Record<string, unknown> {
  const fix = 'Publish with an npm client.'
  if (!content)
    throw new PackageError([{ rule: 'package-json', evidence: 'The tarball has no package/package.json.', fix }])
  // It is in every document of the package that is served.
  if (content.length > packageLimits.manifestBytes)
    throw new PackageError([
      {
        rule: 'package-json',
        evidence: `package.json has ${content.length} bytes, more than ${packageLimits.manifestBytes}.`,
        fix: 'Keep data in files of their own.',
      },
    ])
  try {
    const value = parseStrictJson(content.toString('utf8').replace(/^\uFEFF/, ''))
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  } catch (error) {
    throw new PackageError([{ rule: 'package-json', evidence: `package.json: ${(error as Error).message}`, fix }])
  }
  throw new PackageError([{ rule: 'package-json', evidence: 'package.json is not a JSON object.', fix }])
}
