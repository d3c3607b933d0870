export type Technology = 'mobile' | 'fibre'

/** What to try first when a service misbehaves; each has a text `step.<id>`. */
const steps = {
  mobile: ['airplane-mode', 'other-place', 'restart-phone'],
  fibre: ['power-cycle', 'check-cable', 'move-closer'],
} as const satisfies Record<Technology, readonly string[]>

export type StepId = (typeof steps)[Technology][number]

/** First steps for the technologies that a customer has, each once. */
export function firstSteps(technologies: readonly Technology[]): StepId[] {
  return [...new Set(technologies.flatMap((technology) => [...steps[technology]]))]
}
