import { checkCatalogue } from './catalogue.ts'
import { checkIds } from './check-ids.ts'

/** Markdown pages of `docs/checks` by file name: one for each check, and an index. */
export function checkPages(): ReadonlyMap<string, string> {
  const index = [
    '# Checks of a publish',
    '',
    'Generated from `registry/src/checks/catalogue.ts` by `registry/src/write-pages.ts`. `checks` in `config/registry/defaults.json` says which are enabled, which refuse, and how long each may take; one that does not end in its time counts as failed (`check-timed-out`), as does one that fails by itself (`check-broken`). Where only those that ask the registry’s own data did, the publish is answered with 503 `unavailable`: the same may pass a little later.',
    '',
    ...checkIds.map((id) => `- [\`${id}\`](${id}.md)`),
    '',
  ]
  return new Map([
    ['README.md', index.join('\n')],
    ...checkIds.map((id): [string, string] => {
      const { about, rules } = checkCatalogue[id]
      const lines = Object.entries(rules).map(([rule, meaning]) => `- \`${rule}\`: ${meaning}`)
      return [`${id}.md`, [`# Check \`${id}\``, '', about, '', '## Rules', '', ...lines, ''].join('\n')]
    }),
  ])
}
