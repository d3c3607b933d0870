import { type ApiProblem, problemText, useI18n, useUiText } from '@dcesop/sdk-plugin/ui'

/** A refusal in words; what the registry itself said is worth reading. */
export function useProblems(): (problem: ApiProblem) => string {
  const i18n = useI18n()
  const library = useUiText()
  return (problem) =>
    ['registry_declined', 'registry_unreachable', 'registry_untrusted'].includes(problem.code)
      ? i18n.t(`problem.${problem.code}`, { detail: problem.detail })
      : problemText(problem, library)
}
