import { createHash } from 'node:crypto'
import type { PluginManifest } from '../manifest/types.ts'
import type { Contract } from './contract.ts'
import { parseObject } from './content-rules.ts'
import type { FindingCode, FindingParams } from '../findings/finding-text.ts'
import { finding, type PackageFinding } from '../findings/finding.ts'

/** Which contracts of consumers the provider's specs kept, for which backend; `dcesop test` writes it. */
export const contractRecordPath = 'contracts.kept.json'

export interface KeptContract {
  readonly capability: string
  readonly consumer: string
  /** `contractDigest` of what was run. */
  readonly sha256: string
}

/** What a spec says of a contract that it ran: only what the plugin's own backend answered is recorded. */
export interface ContractNote extends KeptContract {
  /** Whose backend answered; left out where it was a stand-in. */
  readonly plugin?: string
}

/** The publisher's word, signed with the file list, that specs ran these contracts against this backend. */
export interface ContractRecord {
  /** SHA-256 of the backend's file in hex: a record never outlives the code that it is about. */
  readonly backend: string
  readonly kept: readonly KeptContract[]
}

/** SHA-256 in hex of a contract, however its JSON is written. */
export function contractDigest(contract: Contract): string {
  return createHash('sha256')
    .update(JSON.stringify(sorted(contract)))
    .digest('hex')
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const members = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1))
  return Object.fromEntries(members.map(([name, member]) => [name, sorted(member)]))
}

/** @returns undefined for what is none */
export function parseContractRecord(content: Buffer): ContractRecord | undefined {
  const record = parseObject(content)
  const kept: unknown = record?.['kept']
  return record && isSum(record['backend']) && Array.isArray(kept) && kept.length <= 5000 && kept.every(isKept)
    ? { backend: record['backend'], kept }
    : undefined
}

function isSum(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{64}$/.test(value)
}

function isKept(value: unknown): value is KeptContract {
  const { capability, consumer, sha256 } = (value ?? {}) as Record<string, unknown>
  return typeof capability === 'string' && typeof consumer === 'string' && isSum(sha256)
}

/** Holds the record against the backend and the manifest of the package that it is in. */
export function contractRecordFindings(
  files: ReadonlyMap<string, Buffer>,
  { backend, provides = {} }: Pick<PluginManifest, 'backend' | 'provides'>,
): PackageFinding[] {
  const content = files.get(contractRecordPath)
  if (!content) return []
  const found = (code: FindingCode, params: FindingParams = {}) => [
    finding(code, { path: contractRecordPath, ...params }),
  ]
  const record = parseContractRecord(content)
  if (!record) return found(parseObject(content) ? 'contract-record.form' : 'contract-record.json')
  const entry = backend && files.get(backend.entry)
  if (!entry || createHash('sha256').update(entry).digest('hex') !== record.backend)
    return found('contract-record.backend')
  const other = record.kept.find(({ capability }) => !Object.hasOwn(provides, capability))
  return other ? found('contract-record.capability', { capability: other.capability }) : []
}
