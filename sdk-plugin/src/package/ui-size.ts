import { gzipSync } from 'node:zlib'
import { uiBudget } from '../contracts/ui-budget.ts'
import type { PackageFinding } from './findings.ts'

const entry = 'dist/ui/remoteEntry.js'

/** Holds scripts and styles of the user interface against their budget. */
export function uiSizeFindings(files: ReadonlyMap<string, Buffer>): PackageFinding[] {
  const sizes = [...files]
    .filter(([path]) => /^dist\/ui\/.*\.(js|css)$/.test(path))
    .map(([path, content]) => ({ path, bytes: gzipSync(content).length }))
    .sort((a, b) => b.bytes - a.bytes)
  const total = sizes.reduce((sum, { bytes }) => sum + bytes, 0)
  const entryBytes = sizes.find(({ path }) => path === entry)?.bytes ?? 0
  const findings: PackageFinding[] = []
  if (entryBytes > uiBudget.entryBytes)
    findings.push({
      rule: 'ui-entry-size',
      evidence: `${entry} has ${kib(entryBytes)} after gzip; ${kib(uiBudget.entryBytes)} are allowed.`,
      fix: 'Share vue and @dcesop/sdk-plugin/ui with the shell ("import: false"), and leave code to the exposed modules.',
    })
  if (total > uiBudget.totalBytes)
    findings.push({
      rule: 'ui-size',
      evidence: `Scripts and styles have ${kib(total)} after gzip; ${kib(uiBudget.totalBytes)} are allowed. The largest: ${sizes
        .slice(0, 3)
        .map(({ path, bytes }) => `${path} (${kib(bytes)})`)
        .join(', ')}.`,
      fix: 'Take a smaller library, import only what is used, or leave the work to the backend.',
    })
  return findings
}

function kib(bytes: number): string {
  return `${(bytes / 1024).toFixed(1)} KiB`
}
