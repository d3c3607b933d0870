import { splitSteps } from './not-needed.ts'
import type { DiagnosisStep } from './types.ts'

test('what is not run because the cause is known is apart from what was, and from what does not apply', () => {
  const steps: DiagnosisStep[] = [
    { id: 'access', status: 'fail', messageId: 'step.access.optical-low' },
    { id: 'cpe', status: 'skipped', messageId: 'step.cpe.skipped' },
    { id: 'throughput', status: 'skipped', messageId: 'step.stopped' },
    { id: 'quality', status: 'pending' },
  ]
  const { told, notNeeded } = splitSteps(steps)
  expect(told.map(({ id }) => id)).toEqual(['access', 'cpe', 'quality'])
  expect(notNeeded.map(({ id }) => id)).toEqual(['throughput'])
})
