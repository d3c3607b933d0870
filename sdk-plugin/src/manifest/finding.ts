import type { FindingCode, FindingParams } from '../findings/finding-text.ts'
import { finding as packageFinding } from '../findings/finding.ts'
import type { ManifestFinding } from './types.ts'

/** @param pointer to what it is about */
export function finding(code: FindingCode, pointer: string, params?: FindingParams): ManifestFinding {
  const { evidence, ...rest } = packageFinding(code, params)
  return { ...rest, pointer, message: evidence }
}
