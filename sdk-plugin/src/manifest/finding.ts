import type { FindingCode, FindingParams } from '../package/finding-text.ts'
import { finding as packageFinding } from '../package/findings.ts'
import type { ManifestFinding } from './types.ts'

/** @param pointer to what it is about */
export function finding(code: FindingCode, pointer: string, params?: FindingParams): ManifestFinding {
  const { evidence, ...rest } = packageFinding(code, params)
  return { ...rest, pointer, message: evidence }
}
