import { routeProblems, titleIn } from '@dcesop/sdk-plugin/http'
import { accessProblems } from './problems/access.ts'
import { developmentProblems } from './problems/development.ts'
import { pluginProblems } from './problems/plugins.ts'
import { registryProblems } from './problems/registry.ts'

/** Every stable problem code of the host. Pages in `docs/errors` are generated from this list. */
export const problems = {
  ...routeProblems,
  ...accessProblems,
  ...developmentProblems,
  ...pluginProblems,
  ...registryProblems,
} as const

export type ProblemCode = keyof typeof problems

/** The catalogue's sentence; a plugin's own code gets its own words back. */
export function titleOf(code: string): string {
  return titleIn(problems, code)
}
