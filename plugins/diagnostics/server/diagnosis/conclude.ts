import type { Cause, DiagnosisResult, StepId, StepOutcome } from './document.ts'

/** What to do about a cause, first thing first; message ids are `next.<name>`. */
const nextSteps: Readonly<Record<Cause, readonly string[]>> = {
  'mass-incident': ['explain-incident', 'offer-notice'],
  suspended: ['explain-suspension', 'offer-payment'],
  unreachable: ['check-power', 'reboot-cpe', 'send-technician'],
  'weak-signal': ['ask-location', 'offer-wifi-calling', 'report-coverage'],
  interference: ['toggle-airplane', 'report-coverage'],
  'optical-low': ['check-connector', 'send-technician'],
  'optical-high': ['send-technician'],
  'cell-congestion': ['explain-congestion', 'offer-wifi', 'report-capacity'],
  'olt-congestion': ['explain-congestion', 'report-capacity'],
  'cpe-restarts': ['check-power-supply', 'replace-cpe'],
  'allowance-exhausted': ['explain-allowance', 'offer-data-pack'],
  'slow-service': ['test-by-cable', 'refresh-profile', 'open-ticket'],
  'unstable-link': ['reboot-cpe', 'open-ticket'],
}
const nothingFound = ['ask-details', 'test-by-cable', 'open-ticket']
const cutShort = ['run-again', 'ask-details', 'open-ticket']

export interface DecidedStep {
  readonly id: StepId
  readonly outcome: StepOutcome
}

/**
 * The verdict: the first step that failed is the cause; without one, the first suspicion, with less confidence. A cause found on
 * values that could not be refreshed is one word less certain.
 */
export function conclude(steps: readonly DecidedStep[]): DiagnosisResult {
  const refreshed = steps.some((step) => step.id === 'measurement' && step.outcome.status === 'ok')
  const failed = steps.find(({ outcome }) => outcome.status === 'fail')
  const decided = failed ?? steps.find(({ outcome }) => outcome.status === 'warn')
  const evidence = decided?.outcome.measured ?? []
  const cause = decided?.outcome.cause
  if (decided === undefined || cause === undefined) {
    const cutOff = steps.some(({ outcome }) => outcome.status === 'timeout')
    // What was not looked at is not well.
    if (cutOff) return { messageId: 'result.incomplete', evidence, nextSteps: ids(cutShort), confidence: 'low' }
    return { messageId: 'result.none', evidence, nextSteps: ids(nothingFound), confidence: 'medium' }
  }
  const certain = cause === 'mass-incident' || cause === 'suspended' || cause === 'allowance-exhausted' || refreshed
  const { values, since } = decided.outcome
  return {
    cause,
    messageId: `result.${cause}`,
    ...(values === undefined ? {} : { values }),
    ...(since === undefined ? {} : { since }),
    evidence,
    nextSteps: ids(nextSteps[cause]),
    confidence: failed === undefined ? (certain ? 'medium' : 'low') : certain ? 'high' : 'medium',
  }
}

const ids = (names: readonly string[]): string[] => names.map((name) => `next.${name}`)

/** All message ids that a verdict can name, for the check of the catalogues. */
export const resultMessageIds: readonly string[] = [
  'result.none',
  'result.incomplete',
  ...Object.keys(nextSteps).map((cause) => `result.${cause}`),
  ...new Set(ids([...Object.values(nextSteps).flat(), ...nothingFound, ...cutShort])),
]
