import { recordingLog } from '../testing/test-doubles.ts'
import { KeptLog } from './kept-log.ts'
import { logLinesPerSecond } from './limits.ts'

it('keeps so many lines in a second, and of a long one the message alone', () => {
  const kept = recordingLog()
  const { lines } = kept
  const log = new KeptLog(kept)
  const cycle: Record<string, unknown> = {}
  cycle['self'] = cycle
  const long = 'x'.repeat(1_000_000)
  for (const fields of [{ a: 1 }, { long }, { err: new Error(long) }, cycle]) log.info(fields, 'm')
  log.info({}, long)
  expect(lines[0]).toMatchObject({ fields: { a: 1 }, message: 'm' })
  expect(lines.every((line) => JSON.stringify(line).length < 17_000)).toBe(true)
  for (let more = 0; more < logLinesPerSecond; more += 1) log.info({}, 'more')
  expect(lines).toHaveLength(logLinesPerSecond)
  log.beat()
  expect(lines.at(-1)).toMatchObject({ fields: { left: 5 } })
})
