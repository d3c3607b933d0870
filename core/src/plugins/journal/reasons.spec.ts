import { because, together } from './reasons.ts'

describe('reasons', () => {
  it('are no longer than a row may be', () => {
    const { reason, causes } = because('failed', { detail: 'x'.repeat(5000) })
    expect([reason.length, causes?.[0]?.params['detail']]).toEqual([2000, 'x'.repeat(2000)])
  })

  it('put together keep their codes, unless one of them has none', () => {
    const old = { reason: 'said by a host of before' }
    expect(together(' ', because('enabled'), because('in_region', { region: 'mx' }))).toEqual({
      reason: 'enabled in mx',
      causes: [
        { code: 'enabled', params: {} },
        { code: 'in_region', params: { region: 'mx' } },
      ],
    })
    expect(together(' ', because('on_host', { host: 'a' }), old)).toEqual({ reason: `On a: ${old.reason}` })
  })
})
