import type { Diagnosis, DiagnosisMessage, DiagnosisStep } from './types.ts'

/** The diagnosis after a pushed step or verdict. */
export function withMessage(diagnosis: Diagnosis, message: DiagnosisMessage): Diagnosis {
  if ('result' in message) return { ...diagnosis, state: 'done', result: message.result, endedAt: message.endedAt }
  const steps = diagnosis.steps.map((step) => (step.id === message.step.id ? message.step : step))
  return { ...diagnosis, steps }
}

const decided = (step: DiagnosisStep): number => (step.status === 'pending' ? 0 : step.status === 'running' ? 1 : 2)

/** What is known from pushes and what an answer says, which may have been read before them: of each step the further one. */
export function further(known: Diagnosis | undefined, fetched: Diagnosis): Diagnosis {
  if (known?.id !== fetched.id) return fetched
  const steps = fetched.steps.map((step) => {
    const pushed = known.steps.find(({ id }) => id === step.id)
    return pushed !== undefined && decided(pushed) > decided(step) ? pushed : step
  })
  const { state, result, endedAt } = fetched.result === null && known.result !== null ? known : fetched
  return { ...fetched, steps, state, result, endedAt }
}

/** Values of a message, with times in the person's language and the customer's time zone. */
export function readable(
  values: Readonly<Record<string, string | number>> | undefined,
  formatTime: (iso: string) => string,
): Record<string, string | number> {
  const isTime = (value: string | number): value is string =>
    typeof value === 'string' && /^\d{4}-\d{2}-\d{2}T/.test(value)
  return Object.fromEntries(
    Object.entries(values ?? {}).map(([name, value]) => [name, isTime(value) ? formatTime(value) : value]),
  )
}
