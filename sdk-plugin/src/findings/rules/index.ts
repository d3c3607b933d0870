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
  readonly id: 'package' | 'manifest' | 'source'
  readonly title: string
  readonly when: string
  readonly rules: Readonly<Record<string, RuleDescription>>
}

/** The same in another language. */
export interface RuleTexts {
  readonly when: Readonly<Record<RuleGroup['id'], string>>
  readonly rules: Readonly<Record<string, RuleDescription>>
}

/** Every rule of the SDK, by which `dcesop check` and `pack`, a publish and an installation judge alike. */
export const ruleGroups: readonly RuleGroup[] = [
  { id: 'package', title: 'The package', when: 'at pack, at publish, at upload and at install', rules: packageRules },
  {
    id: 'manifest',
    title: 'The manifest',
    when: 'at pack, at publish, at upload and at install',
    rules: manifestRules,
  },
  { id: 'source', title: 'What the author wrote', when: 'by `dcesop check` and at pack', rules: sourceRules },
]

/** @param texts of another language than English @returns undefined for a rule that is not the SDK's; the registry has some of its own */
export function ruleOf(id: string, texts?: RuleTexts): (RuleDescription & Pick<RuleGroup, 'when'>) | undefined {
  const group = ruleGroups.find(({ rules }) => Object.hasOwn(rules, id))
  if (!group) return undefined
  const told = texts?.rules[id]
  return told && texts
    ? { ...told, when: texts.when[group.id] }
    : { ...(group.rules[id] as RuleDescription), when: group.when }
}
