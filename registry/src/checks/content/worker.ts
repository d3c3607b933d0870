import { PackageError } from '@dcesop/sdk-plugin/package'
import type { MessagePort } from 'node:worker_threads'
import type { CheckId } from '../check-ids.ts'
import type { Check, Contents, Finding, Submission } from '../check.ts'
import { factsOf, type PackageFacts } from './facts.ts'
import { identityCheck } from './identity.ts'
import { installScriptsCheck } from './install-scripts.ts'
import { kindCheck } from './kind.ts'
import { licenceCheck } from './licence.ts'
import { malwareCheck } from './malware.ts'
import { sbomCheck } from './sbom.ts'
import { secretsCheck } from './secrets.ts'
import { unpack } from './unpack.ts'

export interface ContentTask {
  readonly path: string
  readonly submission: Submission
  readonly enabled: readonly CheckId[]
  /** SPDX ids of those that are accepted. */
  readonly licences: readonly string[]
  /** Gets the id of each check as it begins, so that the other side knows which one hangs. */
  readonly port: MessagePort
}

/** How one check ended; `error` when it failed by itself. */
export interface Ending {
  readonly check: CheckId
  readonly findings: readonly Finding[]
  readonly error?: string
}

export interface ContentReport {
  /** Undefined for a package that cannot be unpacked. */
  readonly facts: PackageFacts | undefined
  readonly endings: readonly Ending[]
}

const checks: readonly Check<Contents>[] = [
  identityCheck,
  kindCheck,
  installScriptsCheck,
  malwareCheck,
  secretsCheck,
  sbomCheck,
]

/** Runs in a worker: unpacks a package and judges its contents, one check after the other. */
export default async function judgeContents({
  path,
  submission,
  enabled,
  licences,
  port,
}: ContentTask): Promise<ContentReport> {
  let contents: Contents | undefined
  let facts: PackageFacts | undefined
  port.postMessage('package' satisfies CheckId)
  const unpacked = await ending('package', async () => {
    contents = await unpack(path, submission)
    facts = factsOf(contents)
    return []
  })
  const endings = [unpacked]
  for (const check of [...checks, licenceCheck(licences)]) {
    if (!contents || !enabled.includes(check.id)) continue
    const subject = contents
    port.postMessage(check.id)
    endings.push(await ending(check.id, async () => check.run(subject)))
  }
  return { facts, endings }
}

async function ending(check: CheckId, run: () => Promise<readonly Finding[]>): Promise<Ending> {
  try {
    return { check, findings: await run() }
  } catch (error) {
    if (error instanceof PackageError) return { check, findings: error.findings }
    return { check, findings: [], error: String((error as Error).stack ?? error) }
  }
}
