import type { I18n } from '@dcesop/sdk-plugin/ui'

/** A step of the registry's plan. */
export interface PlanStep {
  readonly action: 'keep' | 'install' | 'upgrade' | 'downgrade' | 'remove'
  readonly plugin: string
  readonly version: string
  readonly from: string | null
}

/** What a step does, in words. */
export const stepText = (step: PlanStep, i18n: Pick<I18n, 't'>): string =>
  i18n.t(`change.step.${step.action}`, { ...step, from: step.from ?? '' })

/** The steps of a plan that nobody confirmed, in words. */
export const unconfirmedText = (steps: readonly PlanStep[], i18n: Pick<I18n, 't' | 'list'>): string =>
  i18n.t('refusal.plan_differs.steps', { steps: i18n.list(steps.map((step) => stepText(step, i18n))) })
