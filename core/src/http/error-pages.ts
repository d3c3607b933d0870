import type { ProblemKind } from '@dcesop/sdk-plugin/http'
import { problems } from './problems.ts'

/** Markdown pages of `docs/errors` by file name: one for each code, and an index. */
export function errorPages(): ReadonlyMap<string, string> {
  const entries: [string, ProblemKind][] = Object.entries(problems).sort(([a], [b]) => (a < b ? -1 : 1))
  const rows = entries.map(([code, { status, title }]) => `| [\`${code}\`](${code}.md) | ${status} | ${title} |`)
  const index = [
    '# Problem codes',
    '',
    'Generated from `core/src/http/problems.ts` by `core/src/http/write-error-pages.ts`.',
    '',
    '| code | status | meaning |',
    '| --- | --- | --- |',
    ...rows,
    '',
  ]
  return new Map([
    ['README.md', index.join('\n')],
    ...entries.map(([code, kind]): [string, string] => [`${code}.md`, page(code, kind)]),
  ])
}

function page(code: string, { status, title, remedy }: ProblemKind): string {
  return [`# \`${code}\``, '', `HTTP status ${status}. ${title}`, '', '## What to do', remedy, ''].join('\n')
}
