import { commonMessage } from './common-message.ts'

const tile = (messageId: string, value?: number) => ({ messageId, ...(value !== undefined && { value }) })

it.each([
  ['all are too old', [tile('metric.state.stale', 1), tile('metric.state.stale', 2)], 'metric.state.stale'],
  [
    'of one there is nothing',
    [tile('metric.state.stale', 1), tile('metric.state.stale', 2), tile('metric.state.unknown')],
    'metric.state.stale',
  ],
  ['one is not', [tile('metric.state.stale', 1), tile('metric.loss.ok', 2)], undefined],
  ['there is one', [tile('metric.state.stale', 1)], undefined],
  ['each tells its value', [tile('metric.state.held', 1), tile('metric.state.held', 2)], undefined],
  ['there are none', [], undefined],
])('says once what holds for all that was measured: %s', (_, tiles, expected) => {
  expect(commonMessage(tiles)).toBe(expected)
})
