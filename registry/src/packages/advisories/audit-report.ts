import { createHash } from 'node:crypto'
import { isObject, type Json } from '@dcesop/sdk-plugin/host'
import type { AdvisoryDocument } from '../../storage/documents.ts'
import { isVulnerable } from './advisories.ts'

/** npm's advisory ids are numbers; ours are made from the text, so that they stay the same. */
export function numberOf({ _id }: AdvisoryDocument): number {
  return createHash('sha256').update(_id).digest().readUInt32BE(0)
}

/** One advisory in the answer to a bulk question. */
export function bulkEntry(advisory: AdvisoryDocument): object {
  const { url, title, severity, vulnerable, cwe } = advisory
  const cvss = { score: 0, vectorString: null }
  return { id: numberOf(advisory), url, title, severity, vulnerable_versions: vulnerable, cwe, cvss }
}

export interface Installed {
  readonly name: string
  readonly version: string
  /** Names from the root down, joined by `>`. */
  readonly path: string
}

const deepest = 100

/** Every package in the dependency tree of an old audit document. */
export function installedIn(tree: Json, parents: readonly string[] = []): Installed[] {
  if (parents.length > deepest) return []
  const dependencies = isObject(tree['dependencies']) ? tree['dependencies'] : {}
  return Object.entries(dependencies).flatMap(([name, node]) => {
    if (!isObject(node) || typeof node['version'] !== 'string') return []
    const path = [...parents, name]
    return [{ name, version: node['version'], path: path.join('>') }, ...installedIn(node, path)]
  })
}

/** The report of npm 6, yarn 1 and pnpm. */
export function auditReport(installed: readonly Installed[], advisories: readonly AdvisoryDocument[]): object {
  const vulnerabilities = { info: 0, low: 0, moderate: 0, high: 0, critical: 0 }
  const entries = advisories.map((advisory) => {
    const hits = installed.filter(({ name, version }) => name === advisory.package && isVulnerable(version, advisory))
    vulnerabilities[advisory.severity] += hits.length
    const versions = [...new Set(hits.map(({ version }) => version))]
    const findings = versions.map((version) => ({
      version,
      paths: hits.filter((hit) => hit.version === version).map(({ path }) => path),
    }))
    return [numberOf(advisory), { ...entryOf(advisory), findings }] as const
  })
  const total = installed.length
  const counts = { dependencies: total, devDependencies: 0, optionalDependencies: 0, totalDependencies: total }
  return { actions: [], advisories: Object.fromEntries(entries), muted: [], metadata: { vulnerabilities, ...counts } }
}

function entryOf(advisory: AdvisoryDocument): object {
  const { title, severity, url, vulnerable, cwe } = advisory
  return {
    id: numberOf(advisory),
    title,
    module_name: advisory.package,
    severity,
    url,
    vulnerable_versions: vulnerable,
    patched_versions: '<0.0.0',
    recommendation: 'See the advisory for a version without the weakness.',
    overview: title,
    cwe,
    access: 'public',
  }
}
