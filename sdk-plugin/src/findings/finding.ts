import { type CodedFinding, type FindingCode, type FindingParams, findingTexts } from './finding-text.ts'
import { en } from './locales/en.ts'

/** A reason to refuse a package: a stable rule id, the evidence, and how to mend it; by code in any language. */
export interface PackageFinding extends CodedFinding {
  readonly rule: string
  readonly evidence: string
  readonly fix: string
  /** Where the author finds it, as `dcesop.plugin.json:12`, when it is about what they wrote. */
  readonly at?: string
}

const inEnglish = findingTexts('en', en)

/** @param code the rule and, behind a point, the case */
export function finding(code: FindingCode, params: FindingParams = {}, at?: string): PackageFinding {
  const { evidence, fix } = inEnglish({ code, params }) as { evidence: string; fix: string }
  return { rule: code.split('.')[0] as string, evidence, fix, code, params, ...(at !== undefined && { at }) }
}

/** Thrown when a package may not be packed, published or installed; carries every finding. */
export class PackageError extends Error {
  readonly findings: readonly PackageFinding[]

  constructor(findings: readonly PackageFinding[]) {
    super(findings.map((one) => `${one.rule}: ${one.evidence} ${one.fix}`).join('\n'))
    this.name = 'PackageError'
    this.findings = findings
  }
}
