import es from '../locales/es.json'
import { cardMessage, toldCauses } from './card-message.ts'

describe('the message of a card', () => {
  it('is by the failure in the browser, or by the state on the host', () => {
    expect(cardMessage({ reason: 'timeout' })).toBe('timeout')
    expect(cardMessage({ reason: 'unavailable', state: 'failed', cause: 'start_failed' })).toBe('unavailable.failed')
    expect(cardMessage({ reason: 'unavailable', state: 'of a newer host' })).toBe('unavailable.removed')
  })

  it('tells who or what keeps it away where that says more, until it is gone altogether', () => {
    expect(cardMessage({ reason: 'unavailable', state: 'quarantined', cause: 'killed_version' })).toBe('cause.killed')
    expect(cardMessage({ reason: 'unavailable', state: 'removed', cause: 'killed_version' })).toBe(
      'unavailable.removed',
    )
  })

  it('is there for each such reason', () => {
    for (const message of Object.values(toldCauses)) expect(es).toHaveProperty([`shell.card.${message}`])
  })
})
