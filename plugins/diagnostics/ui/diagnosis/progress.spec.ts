import { further, readable, withMessage } from './progress.ts'
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

describe('further', () => {
  const result = { messageId: 'result.none', evidence: [], nextSteps: [], confidence: 'medium' } as const

  it('keeps steps and a verdict that were pushed while an older answer was on its way', () => {
    const stepped = withMessage(running, { id: 'd1', step: { id: 'mass-incident', status: 'ok' } })
    const done = withMessage(stepped, { id: 'd1', result, endedAt: '2026-03-01T12:00:05Z' })
    expect(further(done, running)).toEqual(done)
  })

  it('takes what the answer has more of, and all of another diagnosis', () => {
    const ended = { ...running, state: 'done' as const, result, endedAt: '2026-03-01T12:00:05Z' }
    expect(further(running, ended)).toEqual(ended)
    expect(further(ended, { ...running, id: 'd2' })).toEqual({ ...running, id: 'd2' })
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
