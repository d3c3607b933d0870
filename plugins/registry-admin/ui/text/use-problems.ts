import { type ApiProblem, problemText, type ToldReason, useI18n, useReasonText, useUiText } from '@dcesop/sdk-plugin/ui'
import { type Objection, objectionText } from './objection.ts'
import { type PlanStep, unconfirmedText } from './plan-steps.ts'
import { refusalId } from './refusal.ts'

export interface Refusal {
  /** In the person's language. */
  readonly sentence: string
  /** What the server said, where the sentence does not hold it. */
  readonly detail: string | undefined
  /** Language of the detail where it is not the person's. */
  readonly lang: 'en' | undefined
}

/** A refusal in words. */
export function useProblems(): (problem: ApiProblem) => Refusal {
  const i18n = useI18n()
  const library = useUiText()
  const reasonOf = useReasonText()
  return (problem) => {
    const id = refusalId(problem)
    // Where a plugin did not start, the problem has the codes of the reason.
    const causes = problem.extensions['causes'] as ToldReason['causes']
    // Where there is no plan, it has what stands in the way.
    const objections = (problem.extensions['conflict'] as readonly Objection[] | undefined)?.map((one) =>
      objectionText(one, i18n),
    )
    // Where the plan has grown, it has what was added.
    const unconfirmed = problem.extensions['unconfirmed'] as readonly PlanStep[] | undefined
    if (unconfirmed && id !== undefined)
      return { sentence: i18n.t(id), detail: unconfirmedText(unconfirmed, i18n), lang: undefined }
    const { text, lang } = objections?.every((one) => one.lang === undefined)
      ? { text: objections.map((one) => one.text).join(' '), lang: undefined }
      : reasonOf({ reason: problem.detail, ...(causes && { causes }) })
    const sentence = id === undefined ? problemText(problem, library) : i18n.t(id)
    return { sentence, detail: text === '' ? undefined : text, lang }
  }
}
