import { readable, withMessage } from './progress.ts'
import type { Diagnosis } from './types.ts'

const running: Diagnosis = {
  id: 'd1',
  region: 'br',
  serviceId: 's1',
  state: 'running',
  startedAt: '2026-03-01T12:00:00Z',
  endedAt: null,
  steps: [
    { id: 'mass-incident', status: 'running' },
    { id: 'subscription', status: 'pending' },
  ],
  result: null,
}

describe('withMessage', () => {
  it('replaces the step in its place', () => {
    const next = withMessage(running, { id: 'd1', step: { id: 'mass-incident', status: 'ok' } })
    expect(next.steps.map((step) => step.status)).toEqual(['ok', 'pending'])
  })

  it('ends with the verdict', () => {
    const result = { messageId: 'result.none', evidence: [], nextSteps: [], confidence: 'medium' } as const
    const next = withMessage(running, { id: 'd1', result, endedAt: '2026-03-01T12:00:05Z' })
    expect(next).toMatchObject({ state: 'done', result, endedAt: '2026-03-01T12:00:05Z' })
  })
})

describe('readable', () => {
  it('formats times and leaves numbers and words', () => {
    expect(readable({ eta: '2026-03-01T12:00:00.000Z', affected: 12, site: 'Centro' }, () => 'noon')).toEqual({
      eta: 'noon',
      affected: 12,
      site: 'Centro',
    })
  })
})
