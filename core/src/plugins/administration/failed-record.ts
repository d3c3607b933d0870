import { Problem } from '@dcesop/sdk-plugin'

/** Parts of a problem by which a screen tells it in the reader's language; kept as JSON, beside the sentence in English. */
const told = ['causes', 'conflict', 'unconfirmed', 'registryReason', 'told'] as const

/** What the audit keeps of a change that failed: its code, and what was in the way. */
export function failedRecord(error: unknown): { reason: string; details: Record<string, string> } {
  if (!(error instanceof Problem)) return { reason: 'internal_error', details: {} }
  const { extensions = {} } = error.options
  const parts = told.filter((part) => extensions[part] !== undefined)
  const { registryCode } = extensions
  return {
    reason: error.code,
    details: {
      detail: error.detail,
      ...(typeof registryCode === 'string' && { registryCode }),
      ...Object.fromEntries(parts.map((part) => [part, JSON.stringify(extensions[part])])),
    },
  }
}
