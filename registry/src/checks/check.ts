import type { PackageError } from '@dcesop/sdk-plugin/package'
import type { PackageKind } from '../storage/documents.ts'
import type { CheckId } from './check-ids.ts'
import type { PackageFacts } from './content/facts.ts'

/** A reason against a package: a stable rule id, what was found, and how to mend it. */
export type Finding = PackageError['findings'][number]

/** `timed-out` and `broken` checks count as failed: what could not be judged is not published. */
export type CheckState = 'passed' | 'failed' | 'timed-out' | 'broken'

export interface CheckResult {
  readonly check: CheckId
  readonly state: CheckState
  /** Whether it may refuse the publish. */
  readonly enforced: boolean
  readonly findings: readonly Finding[]
}

/** A check, judging subjects of one sort. */
export interface Check<Subject> {
  readonly id: CheckId
  run(subject: Subject): readonly Finding[] | Promise<readonly Finding[]>
}

/** What somebody wants to publish, before it was unpacked. */
export interface Submission {
  readonly name: string
  readonly scope: string | null
  readonly base: string
  readonly version: string
  readonly user: string
  readonly isAdmin: boolean
}

/** An unpacked package; checks of it run in a worker. */
export interface Contents {
  readonly submission: Submission
  readonly kind: PackageKind
  readonly files: ReadonlyMap<string, Buffer>
  /** The tarball's package.json. */
  readonly packageJson: Readonly<Record<string, unknown>>
}

/** A package whose contents could be read, for checks that need the registry's data beside them. */
export interface Judged {
  readonly submission: Submission
  readonly facts: PackageFacts
}
