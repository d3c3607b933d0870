import type { MetricId } from '../metrics/catalogue.ts'
import type { Level } from '../metrics/evaluate.ts'
import { levelMessageId } from './messages.ts'

describe('what an agent is told of a level', () => {
  it.each<[MetricId, Level, number, number, string]>([
    ['opticalRx', 'ok', -20, -25, 'metric.opticalRx.ok'],
    ['opticalRx', 'critical', -27.4, -27, 'metric.opticalRx.critical'],
    ['opticalRx', 'critical', -27, -27, 'metric.opticalRx.critical'],
    ['opticalRx', 'critical', -26.9, -27, 'metric.state.held'],
    ['opticalRx', 'critical', -7.5, -8, 'metric.opticalRx.high'],
    ['opticalRx', 'degraded', -9.2, -9, 'metric.state.held'],
    ['rsrp', 'degraded', -112, -110, 'metric.rsrp.degraded'],
    ['rsrp', 'degraded', -109, -110, 'metric.state.held'],
    ['loss', 'critical', 4.2, 3, 'metric.loss.critical'],
    ['loss', 'critical', 2.9, 3, 'metric.state.held'],
  ])('%s %s at %d against %d', (metric, level, value, threshold, messageId) => {
    expect(levelMessageId(metric, level, value, threshold)).toBe(messageId)
  })
})
