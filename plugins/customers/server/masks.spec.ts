import { maskEmail, maskTail } from './masks.ts'

describe('masks', () => {
  it('keeps the first letter and the domain of an e-mail', () => {
    expect(maskEmail('ana.perez@example.com')).toBe('a•••@example.com')
  })

  it('keeps the last four characters of an access id and no hint of its length beyond eight dots', () => {
    expect(maskTail('FTTH00012345')).toBe('••••••••2345')
    expect(maskTail('AB123')).toBe('•B123')
    expect(maskTail('123')).toBe('123')
  })
})
