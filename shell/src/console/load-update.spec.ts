import type { FeedPlugin } from '../feed/feed.ts'
import { createFailureLog } from '../supervisor/failures.ts'
import type { Incident } from '../supervisor/source.ts'
import { loadUpdate, type UpdateParts } from './load-update.ts'

const plugin = { id: 'radio', version: '1.1.0' } as FeedPlugin

function stage(load: UpdateParts['loader']['load'], texts: () => Promise<object> = () => Promise.resolve({})) {
  const reported: Incident[] = []
  const supervision: UpdateParts['supervision'] = {
    failures: createFailureLog(Date.now),
    newIncidentId: () => 'i1',
    now: () => new Date(0),
    report: (incident) => void reported.push(incident),
  }
  const update = loadUpdate(plugin, ['page', 'panel'], 'pt-BR', {
    loader: { load },
    catalogues: { load: texts as UpdateParts['catalogues']['load'] },
    supervision,
  })
  return { update, reported, supervision }
}

const unit = {} as Awaited<ReturnType<UpdateParts['loader']['load']>>

describe('an update', () => {
  it('has come when each unit on screen and the texts have', async () => {
    const asked: string[] = []
    const { update, reported } = stage((_plugin, expose) => Promise.resolve(asked.push(expose)).then(() => unit))
    await update
    expect(asked).toEqual(['page', 'panel'])
    expect(reported).toEqual([])
  })

  it('that does not load is reported as the new version, and blames no version on screen', async () => {
    const { update, reported, supervision } = stage((_plugin, expose) =>
      expose === 'panel' ? Promise.reject(new Error('a file was altered')) : Promise.resolve(unit),
    )
    await expect(update).rejects.toThrow('a file was altered')
    expect(reported).toEqual([
      {
        ...{ id: 'i1', plugin: 'radio', version: '1.1.0', unit: 'panel', phase: 'load' },
        ...{ message: 'a file was altered', at: '1970-01-01T00:00:00.000Z', quarantined: false },
      },
    ])
    expect(supervision.failures.lastOf({ plugin: 'radio', version: '1.1.0' })).toBeUndefined()
  })

  it('whose texts do not come is reported, too', async () => {
    const { update, reported } = stage(
      () => Promise.resolve(unit),
      () => Promise.reject(new Error('404')),
    )
    await expect(update).rejects.toThrow('404')
    expect(reported).toMatchObject([{ unit: 'texts', phase: 'load' }])
  })

  it('has a minute on a slow line, as the version on screen goes on', async () => {
    jest.useFakeTimers()
    try {
      const slow = (ms: number) => () => new Promise<typeof unit>((resolve) => setTimeout(resolve, ms, unit))
      const inTime = stage(slow(50_000))
      const late = stage(slow(70_000))
      const failed = expect(late.update).rejects.toThrow('60000')
      await jest.advanceTimersByTimeAsync(65_000)
      await Promise.all([inTime.update, failed])
      expect(inTime.reported).toEqual([])
      expect(late.reported[0]).toMatchObject({ phase: 'timeout' })
    } finally {
      jest.useRealTimers()
    }
  })
})
