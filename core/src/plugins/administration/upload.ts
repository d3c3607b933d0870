import { Problem } from '@dcesop/sdk-plugin'
import { PackageError, packageLimits, ruleOf } from '@dcesop/sdk-plugin/package'
import type { Readable } from 'node:stream'

/** The bytes of a package that is sent. @throws Problem 413 */
export async function readAll(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = []
  let total = 0
  for await (const chunk of stream) {
    total += (chunk as Buffer).length
    if (total > packageLimits.packedBytes)
      throw new Problem(413, 'payload_too_large', `A package has at most ${packageLimits.packedBytes} bytes.`)
    chunks.push(chunk as Buffer)
  }
  return Buffer.concat(chunks)
}

/** @throws Problem 422 with every finding */
export async function refusedAsProblem<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof PackageError)) throw error
    const errors = error.findings.map(({ rule, evidence, fix, code, params }) => ({
      code: rule,
      message: `${evidence} ${fix}`,
      // By these `dcesop dev` tells it in its author's language.
      finding: code,
      params,
      ...(ruleOf(rule) && { page: `/docs/rules/${rule}.html` }),
    }))
    throw new Problem(422, 'package_refused', 'The package does not pass the checks.', { errors, cause: error })
  }
}
