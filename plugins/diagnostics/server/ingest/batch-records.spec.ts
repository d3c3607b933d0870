import type { AuditEntry } from '@dcesop/sdk-plugin'
import { machine } from '../testing/diagnostics-host.ts'
import { BatchRecords } from './batch-records.ts'
import type { BatchReport } from './ingest-batch.ts'

const report: BatchReport = { accepted: 3, duplicates: 1, rejected: 2, errors: [] }

describe('records of batches', () => {
  const recorded: AuditEntry[] = []
  let failing: boolean
  const request = {
    identity: machine,
    async audit(entry: AuditEntry) {
      if (failing) throw new Error('the disk is full')
      recorded.push(entry)
    },
  }
  const minutes = (count: number) => jest.advanceTimersByTime(count * 60_000)
  beforeEach(() => {
    jest.useFakeTimers()
    recorded.length = 0
    failing = false
  })
  afterEach(() => void jest.useRealTimers())

  it('are one for each client and region at once, and then one in ten minutes with what came since', async () => {
    const records = new BatchRecords()
    for (let batch = 0; batch < 5; batch += 1) (await records.begin(request, 'br'))(report)
    ;(await records.begin(request, 'mx'))(report)
    ;(await records.begin({ ...request, identity: { ...machine, subject: 'client:other' } }, 'br'))(report)
    const first = { action: 'telemetry.ingest' }
    expect(recorded).toEqual([
      { ...first, region: 'br' },
      { ...first, region: 'mx' },
      { ...first, region: 'br' },
    ])
    minutes(10)
    ;(await records.begin(request, 'br'))(report)
    minutes(10)
    await records.begin(request, 'br')
    expect(recorded.slice(3).map(({ details }) => details)).toEqual([
      { batches: 5, accepted: 15, duplicates: 5, rejected: 10 },
      { batches: 1, accepted: 3, duplicates: 1, rejected: 2 },
    ])
  })

  it('let nothing in that cannot be recorded, and lose no count by it', async () => {
    const records = new BatchRecords()
    failing = true
    await expect(records.begin(request, 'br')).rejects.toThrow('the disk is full')
    failing = false
    ;(await records.begin(request, 'br'))(report)
    minutes(10)
    failing = true
    await expect(records.begin(request, 'br')).rejects.toThrow('the disk is full')
    failing = false
    await records.begin(request, 'br')
    expect(recorded).toMatchObject([{ region: 'br' }, { details: { batches: 1, accepted: 3 } }])
  })
})
