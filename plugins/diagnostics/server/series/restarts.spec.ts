import { restartMoments } from './restarts.ts'

describe('restartMoments', () => {
  const at = new Date('2026-11-20T12:00:00Z')
  const known = (uptime: number, moments: Date[] = []) => {
    const plain = { at: new Date(at.getTime() - 60_000), source: 'probe', simulated: false }
    return { uptime: { ...plain, value: uptime }, restarts: { ...plain, value: moments.length, moments } }
  }

  it.each([
    ['none while the uptime grows', known(60), 120, []],
    ['one when it fell, dated by the uptime', known(5_000), 30, [new Date('2026-11-20T11:59:30Z')]],
    ['those of the last 24 hours only', known(60, [new Date('2026-11-19T11:00:00Z')]), 120, []],
    ['none at the first sample', {}, 30, []],
  ])('%s', (_name, before, uptime, expected) => {
    expect(restartMoments(before, { at, metrics: { uptime } })).toEqual(expected)
  })

  it('says nothing without an uptime', () => {
    expect(restartMoments(known(60), { at, metrics: { loss: 0 } })).toBeUndefined()
  })
})
