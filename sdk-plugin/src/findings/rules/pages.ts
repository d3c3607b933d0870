import { type RuleDescription, type RuleGroup, ruleGroups } from './index.ts'

/** The reference of the rules, an index and a page for each; by file name. */
export function rulePages(): ReadonlyMap<string, string> {
  return new Map([
    ['README.md', index()],
    ...ruleGroups.flatMap((group) =>
      Object.entries(group.rules).map(([id, rule]) => [`${id}.md`, page(id, rule, group)] as const),
    ),
  ])
}

function index(): string {
  return `# Rules of a plugin package

\`dcesop explain RULE\` prints the page of a rule. A registry has [checks](../checks/README.md) of its own besides.

${ruleGroups
  .map(
    ({ title, when, rules }) => `## ${title}

Applied ${when}.

| rule | refuses |
| --- | --- |
${Object.entries(rules)
  .map(([id, { refuses }]) => `| [\`${id}\`](${id}.md) | ${refuses} |`)
  .join('\n')}
`,
  )
  .join('\n')}`
}

function page(id: string, { refuses, why, mend }: RuleDescription, { when }: RuleGroup): string {
  return `# Rule \`${id}\`

Refuses: ${decapitalized(refuses)} Applied ${when}.

## Why

${why}

## What to do

${mend}
`
}

function decapitalized(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1)
}
