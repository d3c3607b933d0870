import { ruleGroups, ruleOf } from '../../package/rules/index.ts'
import { type Command, UsageError } from '../command.ts'

/** Says what a rule is for, without a network. */
export const explainCommand: Command = {
  options: {},
  async run({ target }) {
    const rule = ruleOf(target)
    if (!rule) {
      const known = ruleGroups.flatMap(({ rules }) => Object.keys(rules)).join(', ')
      throw new UsageError(
        `"${target}" is no rule of the SDK; its pages tell those of a registry. There are: ${known}.`,
      )
    }
    const { refuses, why, mend, when } = rule
    console.log(`${target}, applied ${when}\n\n${refuses}\n\nWhy: ${why}\n\nWhat to do: ${mend}`)
    return 0
  },
}
