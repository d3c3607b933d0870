import { manifestRules } from './manifest.ts'
import { packageRules } from './package.ts'
import { sourceRules } from './source.ts'

/** What a rule is for, for the person whose package it refused; what was found and how to mend that is in the finding. */
export interface RuleDescription {
  /** A sentence: what is refused. */
  readonly refuses: string
  /** Sentences: whom it protects from what. */
  readonly why: string
  /** Sentences: what to do, beyond the finding's own fix. */
  readonly mend: string
}

/** Rules that are applied at the same moments. */
export interface RuleGroup {
  readonly title: string
  readonly when: string
  readonly rules: Readonly<Record<string, RuleDescription>>
}

/** Every rule of the SDK, by which `dcesop check` and `pack`, a publish and an installation judge alike. */
export const ruleGroups: readonly RuleGroup[] = [
  { title: 'The package', when: 'at pack, at publish, at upload and at install', rules: packageRules },
  { title: 'The manifest', when: 'at pack, at publish, at upload and at install', rules: manifestRules },
  { title: 'What the author wrote', when: 'by `dcesop check` and at pack', rules: sourceRules },
]

/** @returns undefined for a rule that is not the SDK's; the registry has some of its own */
export function ruleOf(id: string): (RuleDescription & Pick<RuleGroup, 'when'>) | undefined {
  const group = ruleGroups.find(({ rules }) => Object.hasOwn(rules, id))
  return group && { ...(group.rules[id] as RuleDescription), when: group.when }
}
