import { type ApiProblem, problemText, useI18n, useUiText } from '@dcesop/sdk-plugin/ui'
import { refusalId } from './refusal.ts'

export interface Refusal {
  /** In the person's language. */
  readonly sentence: string
  /** What the server said, in English, where the sentence does not hold it. */
  readonly detail: string | undefined
}

/** A refusal in words. */
export function useProblems(): (problem: ApiProblem) => Refusal {
  const i18n = useI18n()
  const library = useUiText()
  return (problem) => {
    const id = refusalId(problem)
    if (id === undefined) return { sentence: problemText(problem, library), detail: undefined }
    return { sentence: i18n.t(id), detail: problem.detail === '' ? undefined : problem.detail }
  }
}
