import type { UiHost } from '../host.ts'
import { ApiProblem } from './api-problem.ts'

/**
 * Makes a request that may need re-authentication: when the host asks for it, so does the shell, and the request is made once
 * more. A grant is for exactly these parameters, so both requests must be the same.
 * @returns false when the person gave up
 */
export async function withStepUp(stepUp: UiHost['stepUp'], request: () => Promise<unknown>): Promise<boolean> {
  try {
    await request()
    return true
  } catch (error) {
    if (!(error instanceof ApiProblem) || error.code !== 'step_up_required') throw error
    const { operation, parameters } = error.extensions as { operation: string; parameters: Record<string, unknown> }
    if (!(await stepUp(operation, parameters))) return false
    await request()
    return true
  }
}
