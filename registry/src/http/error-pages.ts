import type { ProblemKind } from '@dcesop/sdk-plugin/http'
import { registryProblems } from './problems.ts'

/** Markdown pages of `docs/errors/registry` by file name: one for each code of the registry's own, and an index. */
export function errorPages(): ReadonlyMap<string, string> {
  const entries: [string, ProblemKind][] = Object.entries(registryProblems)
  const index = [
    '# Problem codes of the registry',
    '',
    'Generated from `registry/src/http/problems.ts` by `registry/src/write-pages.ts`. The others are in the [folder above](../README.md).',
    '',
    '| code | status | meaning |',
    '| --- | --- | --- |',
    ...entries.map(([code, { status, title }]) => `| [\`${code}\`](${code}.md) | ${status} | ${title} |`),
    '',
  ]
  return new Map([
    ['README.md', index.join('\n')],
    ...entries.map(([code, kind]): [string, string] => [`${code}.md`, page(code, kind)]),
  ])
}

function page(code: string, { status, title, remedy }: ProblemKind): string {
  return [`# \`${code}\``, '', `HTTP status ${status}. ${title}`, '', '## What to do', '', remedy, ''].join('\n')
}
