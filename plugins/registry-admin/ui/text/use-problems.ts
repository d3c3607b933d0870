import { type ApiProblem, problemText, type ToldReason, useI18n, useReasonText, useUiText } from '@dcesop/sdk-plugin/ui'
import { type Distrust, distrustText } from './distrust.ts'
import { type Objection, objectionText } from './objection.ts'
import { type PlanStep, unconfirmedText } from './plan-steps.ts'
import { isSaidWhole, refusalText } from './refusal.ts'

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
    const own = refusalText(problem, i18n)
    // Where a plugin did not start, the problem has the codes of the reason.
    const causes = problem.extensions['causes'] as ToldReason['causes']
    // Where there is no plan, it has what stands in the way.
    const objections = (problem.extensions['conflict'] as readonly Objection[] | undefined)?.map((one) =>
      objectionText(one, i18n),
    )
    // Where the plan has grown, it has what was added.
    const unconfirmed = problem.extensions['unconfirmed'] as readonly PlanStep[] | undefined
    if (unconfirmed && own !== undefined)
      return { sentence: own, detail: unconfirmedText(unconfirmed, i18n), lang: undefined }
    const sentence = own ?? problemText(problem, library)
    // Where something signed is not believed, it has why.
    const distrust = problem.extensions['told'] as Distrust | undefined
    const { text, lang } = objections?.every((one) => one.lang === undefined)
      ? { text: objections.map((one) => one.text).join(' '), lang: undefined }
      : ((distrust && distrustText(distrust, i18n)) ?? reasonOf({ reason: problem.detail, ...(causes && { causes }) }))
    const isMore = text !== '' && !(lang === 'en' && isSaidWhole(problem))
    return { sentence, detail: isMore ? text : undefined, lang }
  }
}
