import { nearest } from '../../manifest/nearest.ts'
import { manifestPages } from '../../manifest/pages.ts'
import { ruleGroups, ruleOf } from '../../findings/rules/index.ts'
import { type Command, UsageError } from '../command.ts'
import { alternatives, ruleTexts, t } from '../text/text.ts'

/** Says what a rule is for, or what a field of the manifest may be, without a network. */
export const explainCommand: Command = {
  options: {},
  async run({ target }) {
    const field = fieldPage(target)
    if (field !== undefined) {
      console.log(field)
      return 0
    }
    const rule = ruleOf(target, await ruleTexts())
    if (!rule) {
      const known = ruleGroups.map(({ rules }) => Object.keys(rules))
      const all = known.map((rules) => rules.join(', ')).join('\n\n')
      if (target === '.') throw new UsageError(t('explain.unnamed', { all }))
      const meant = alternatives(nearest(target, known.flat()))
      throw new UsageError(
        meant === '' ? t('explain.known', { rule: target, all }) : t('explain.unknown', { rule: target, meant }),
      )
    }
    console.log(t('explain.rule', { rule: target, ...rule }))
    return 0
  },
}

/** @param named `ui`, or `docs/manifest/ui.md` as findings name the page */
function fieldPage(named: string): string | undefined {
  const name = /^(?:docs\/manifest\/)?(\w+)(?:\.md)?$/.exec(named)?.[1]
  return manifestPages().get(`${name}.md`)?.trimEnd()
}
