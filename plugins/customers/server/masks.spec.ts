import { maskEmail, maskTail } from './masks.ts'

describe('masks', () => {
  it('keeps the first letter and the domain of an e-mail', () => {
    expect(maskEmail('ana.perez@example.com')).toBe('a•••@example.com')
  })

  it('keeps the last four characters of an access id and no hint of its length beyond eight dots', () => {
    expect(maskTail('FTTH00012345')).toBe('••••••••2345')
    expect(maskTail('AB123456')).toBe('••••3456')
  })

  it('never shows a value because it is short', () => {
    expect([maskTail('AB123'), maskTail('1234'), maskTail('1')]).toEqual(['•••23', '••34', '•'])
    expect(maskEmail('a@example.com')).toBe('•••@example.com')
    expect(maskEmail('😀ana@example.com')).toBe('😀•••@example.com')
  })
})
