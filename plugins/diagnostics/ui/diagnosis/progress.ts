import type { Diagnosis, DiagnosisMessage } from './types.ts'

/** The diagnosis after a pushed step or verdict. */
export function withMessage(diagnosis: Diagnosis, message: DiagnosisMessage): Diagnosis {
  if ('result' in message) return { ...diagnosis, state: 'done', result: message.result, endedAt: message.endedAt }
  const steps = diagnosis.steps.map((step) => (step.id === message.step.id ? message.step : step))
  return { ...diagnosis, steps }
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
