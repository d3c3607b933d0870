import type { IncomingMessage } from 'node:http'
import { Cookies } from './cookies.ts'

describe('cookies', () => {
  it('are bound to the host once the site is https', () => {
    const cookies = new Cookies(true)
    expect(cookies.setSession('t')).toBe('__Host-dcesop=t; Path=/; HttpOnly; SameSite=Strict; Secure')
    expect(cookies.clearSession()).toBe('__Host-dcesop=; Path=/; HttpOnly; SameSite=Strict; Secure; Max-Age=0')
    expect(new Cookies(false).setSession('t')).toBe('dcesop=t; Path=/; HttpOnly; SameSite=Strict')
  })

  it('are not believed when there are two of one name', () => {
    const read = (cookie: string) => new Cookies(false).read({ headers: { cookie } } as IncomingMessage, 'dcesop')
    expect([read('a=1; dcesop=x'), read('dcesop=x; dcesop=y'), read('xdcesop=x'), read('dcesop-device=d')]).toEqual([
      'x',
      undefined,
      undefined,
      undefined,
    ])
  })
})
