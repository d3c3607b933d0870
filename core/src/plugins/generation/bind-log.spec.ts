import { createLog } from '../../observability/log.ts'
import { bindLog } from './bind-log.ts'

it('lets no line of a plugin say that it is another’s, of another time or of another weight', () => {
  const lines: string[] = []
  const log = createLog('info', { write: (line: string) => void lines.push(line) })
  const said = { plugin: 'another', level: 60, time: 'yesterday', msg: 'all is well', of: 'mine' }
  bindLog(log, { plugin: 'demo', version: '1.0.0' }).info(said, 'a line')
  const line = JSON.parse(lines.join('')) as Record<string, unknown>
  expect(line).toMatchObject({ plugin: 'demo', version: '1.0.0', level: 30, msg: 'a line', of: 'mine', level_: 60 })
  expect(Date.parse(String(line['time']))).not.toBeNaN()
})
