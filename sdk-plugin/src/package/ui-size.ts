import { gzipSync } from 'node:zlib'
import { uiBudget } from '../contracts/ui-budget.ts'
import { finding, type PackageFinding } from '../findings/finding.ts'

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
    findings.push(finding('ui-entry-size', { entry, size: kib(entryBytes), most: kib(uiBudget.entryBytes) }))
  if (total > uiBudget.totalBytes) {
    const largest = sizes.slice(0, 3).map(({ path, bytes }) => `${path} (${kib(bytes)})`)
    findings.push(finding('ui-size', { size: kib(total), most: kib(uiBudget.totalBytes), largest: largest.join(', ') }))
  }
  return findings
}

export function kib(bytes: number): string {
  return `${(bytes / 1024).toFixed(1)} KiB`
}
