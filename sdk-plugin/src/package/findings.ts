/** A reason to refuse a package: a stable rule id, the evidence, and how to mend it. */
export interface PackageFinding {
  readonly rule: string
  readonly evidence: string
  readonly fix: string
}

/** Thrown when a package may not be packed, published or installed; carries every finding. */
export class PackageError extends Error {
  readonly findings: readonly PackageFinding[]

  constructor(findings: readonly PackageFinding[]) {
    super(findings.map((finding) => `${finding.rule}: ${finding.evidence} ${finding.fix}`).join('\n'))
    this.name = 'PackageError'
    this.findings = findings
  }
}
