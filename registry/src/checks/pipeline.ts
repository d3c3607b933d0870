import type { Log } from '@dcesop/sdk-plugin'
import { Problem } from '@dcesop/sdk-plugin'
import { ruleOf } from '@dcesop/sdk-plugin/package'
import type { CheckConfig } from '../config/config.ts'
import { checkIds } from './check-ids.ts'
import type { Check, CheckResult, Finding, Judged, Submission } from './check.ts'
import { finding } from './findings.ts'
import type { ContentChecks, Judgement } from './content/content-checks.ts'
import type { PackageFacts } from './content/facts.ts'

export interface Passed {
  readonly facts: PackageFacts
  readonly results: readonly CheckResult[]
}

export interface RegistryChecks {
  /** Of the name. */
  readonly before: readonly Check<Submission>[]
  /** Of what the contents turned out to be. */
  readonly after: readonly Check<Judged>[]
}

/** Without these a version could be what nobody can use, or seem to be of somebody else. */
const alwaysOn: readonly string[] = ['package', 'publisher-signature']

const mostFindings = 100
const longestText = 2000
const mostListed = 50

/** All checks of a publish: those against the registry's data, and those of the contents. */
export class CheckPipeline {
  readonly #contents: ContentChecks
  readonly #checks: RegistryChecks
  readonly #config: Readonly<Record<string, CheckConfig>>
  readonly #log: Log

  constructor(
    contents: ContentChecks,
    checks: RegistryChecks,
    config: Readonly<Record<string, CheckConfig>>,
    log: Log,
  ) {
    this.#contents = contents
    this.#checks = checks
    this.#config = config
    this.#log = log
  }

  /**
   * @param path the tarball
   * @throws Problem 422 `package_refused` with the findings of every enforced check; 503 `unavailable` when nothing speaks against the
   *   package, but the registry could not ask its own data
   */
  async run(path: string, submission: Submission): Promise<Passed> {
    const [judgement, ...others] = await Promise.all([
      this.#contents.judge(path, submission),
      ...this.#enabled(this.#checks.before).map((check) => this.#runOne(check, submission)),
    ])
    const { facts } = judgement
    const after = facts ? this.#enabled(this.#checks.after) : []
    const later = await Promise.all(
      after.map((check) => this.#runOne(check, { submission, facts: facts as PackageFacts })),
    )
    const results = [...judgement.results, ...others, ...later]
      .map(bounded)
      .sort((left, right) => checkIds.indexOf(left.check) - checkIds.indexOf(right.check))
    return this.#decide(judgement, results, submission)
  }

  #decide({ facts }: Judgement, results: readonly CheckResult[], { name, version }: Submission): Passed {
    const against = results.filter(({ enforced, state }) => enforced && state !== 'passed')
    if (against.length === 0 && facts) return { facts, results }
    const errors = errorsOf(against)
    if (against.length > 0 && against.every((result) => this.#isOurFault(result)))
      throw new Problem(503, 'unavailable', `${name}@${version} cannot be judged now.`, { errors, retryAfter: 5 })
    throw new Problem(422, 'package_refused', `${name}@${version} does not pass the checks of this registry.`, {
      errors,
    })
  }

  /** A check of the contents may fail by what the package is; one of the registry's own data only by the registry. */
  #isOurFault({ check, state }: CheckResult): boolean {
    const own = [...this.#checks.before, ...this.#checks.after].some(({ id }) => id === check)
    return own && (state === 'timed-out' || state === 'broken')
  }

  #enabled<Subject>(checks: readonly Check<Subject>[]): Check<Subject>[] {
    return checks.filter(({ id }) => alwaysOn.includes(id) || this.#config[id]?.enabled)
  }

  async #runOne<Subject>(check: Check<Subject>, subject: Subject): Promise<CheckResult> {
    const { enforced: wanted = true, timeLimitMs = 5000 } = this.#config[check.id] ?? {}
    const enforced = wanted || alwaysOn.includes(check.id)
    const late = Promise.withResolvers<'timed-out'>()
    const timer = setTimeout(() => late.resolve('timed-out'), timeLimitMs)
    try {
      const ended = await Promise.race([check.run(subject), late.promise])
      if (ended === 'timed-out') return { check: check.id, state: 'timed-out', enforced, findings: [] }
      return { check: check.id, state: ended.length > 0 ? 'failed' : 'passed', enforced, findings: ended }
    } catch (error) {
      this.#log.error({ err: error, check: check.id }, 'a check failed by itself')
      return { check: check.id, state: 'broken', enforced, findings: [] }
    } finally {
      clearTimeout(timer)
    }
  }
}

function errorsOf(results: readonly CheckResult[]): NonNullable<Problem['options']['errors']> {
  return results.flatMap((result) =>
    findingsOf(result).map(({ rule, evidence, fix, code, params }) => ({
      code: rule,
      message: evidence,
      fix,
      // By these a screen tells it in its reader's language.
      ...(code !== undefined && { finding: code, params }),
      check: result.check,
      page: pageOf(result.check, rule),
    })),
  )
}

/** They are kept with the version, and shown on a terminal: what is hostile has as many as it likes. */
function bounded(result: CheckResult): CheckResult {
  const findings = result.findings.slice(0, mostFindings).map(({ rule, evidence, fix, code, params = {} }) => ({
    rule,
    evidence: cut(evidence),
    fix: cut(fix),
    ...(code !== undefined && { code, params: boundedParams(params) }),
  }))
  return { ...result, findings }
}

const cut = (text: string): string => text.slice(0, longestText)

function boundedParams(params: NonNullable<Finding['params']>): NonNullable<Finding['params']> {
  const bound = (value: (typeof params)[string]) =>
    typeof value === 'number' ? value : typeof value === 'string' ? cut(value) : value.slice(0, mostListed).map(cut)
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, bound(value)]))
}

/** Page of a rule in the project's documentation: one of the SDK's has its own, one of the registry's that of its check. */
export function pageOf(check: string, rule: string): string {
  return ruleOf(rule) ? `docs/rules/${rule}.md` : `docs/checks/${check}.md`
}

function findingsOf({ check, state, findings }: CheckResult): readonly Finding[] {
  if (state === 'failed' || state === 'passed') return findings
  return [finding(`check-${state}`, { check })]
}
