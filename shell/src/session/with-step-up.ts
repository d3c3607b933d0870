import { ApiProblem } from '@dcesop/sdk-plugin/ui'
import type { StepUpQueue } from './step-up.ts'

/**
 * Makes a request that may need re-authentication: when the host asks for it, so does the shell, and the request is made once
 * more.
 * @returns false when the person gave up
 */
export async function withStepUp(stepUp: Pick<StepUpQueue, 'ask'>, request: () => Promise<unknown>): Promise<boolean> {
  try {
    await request()
    return true
  } catch (error) {
    if (!(error instanceof ApiProblem) || error.code !== 'step_up_required') throw error
    const { operation, parameters } = error.extensions as { operation: string; parameters: Record<string, unknown> }
    if (!(await stepUp.ask(operation, parameters))) return false
    await request()
    return true
  }
}
