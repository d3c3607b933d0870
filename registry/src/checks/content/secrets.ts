import { lintSource } from '@secretlint/core'
import { creator as recommended } from '@secretlint/secretlint-rule-preset-recommend'
import { extname } from 'node:path'
import type { Check, Contents, Finding } from '../check.ts'
import { finding } from '../findings.ts'

type Message = Awaited<ReturnType<typeof lintSource>>['messages'][number]

const largestFile = 8 * 1024 * 1024
const mostFindings = 20
const config = { rules: [{ id: '@secretlint/secretlint-rule-preset-recommend', rule: recommended, options: {} }] }

/** Keys, tokens and passwords that were packed by mistake: once published they are known. */
export const secretsCheck: Check<Contents> = {
  id: 'secrets',
  async run({ files }): Promise<Finding[]> {
    const findings: Finding[] = []
    for (const [filePath, bytes] of files) {
      if (bytes.length > largestFile || bytes.subarray(0, 8192).includes(0)) continue
      const source = { filePath, content: bytes.toString('utf8'), ext: extname(filePath), contentType: 'text' as const }
      const { messages } = await lintSource({ source, options: { config, noPhysicFilePath: true, maskSecrets: true } })
      findings.push(...messages.map((message) => found(filePath, message)))
      if (findings.length >= mostFindings) break
    }
    return findings.slice(0, mostFindings)
  },
}

/** Its message masks the secret itself. */
function found(path: string, { ruleId, message, loc }: Message): Finding {
  const kind = ruleId.replace('@secretlint/secretlint-rule-', '')
  return finding('secret-found', { path, line: loc.start.line, kind, what: message.slice(0, 200) })
}
