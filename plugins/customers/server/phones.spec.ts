import { maskPhone, normalisePhone } from './phones.ts'

describe('phone numbers', () => {
  it.each([
    ['BR', '(11) 98765-4321', '+5511987654321'],
    ['BR', '011 98765-4321', '+5511987654321'],
    ['BR', '0 21 11 98765-4321', '+5511987654321'],
    ['BR', '+55 11 98765 4321', '+5511987654321'],
    ['BR', '005511987654321', '+5511987654321'],
    ['BR', '1134567890', '+551134567890'],
    ['MX', '55 1234 5678', '+525512345678'],
    ['MX', '044 55 1234 5678', '+525512345678'],
    ['MX', '+52 1 55 1234 5678', '+525512345678'],
    ['MX', '52 1 55 1234 5678', '+525512345678'],
    ['CO', '300 123 4567', '+573001234567'],
    ['CO', '(601) 345 6789', '+576013456789'],
    ['CO', '57 300-123-4567', '+573001234567'],
  ] as const)('reads %s %s', (country, written, e164) => {
    expect(normalisePhone(written, country)).toBe(e164)
  })

  it.each([
    ['BR', '39053344705'],
    ['BR', '12345678'],
    ['MX', '0000000000'],
    ['CO', '1020304050'],
    ['BR', 'maria silva'],
    ['BR', '+5511987654321;drop'],
  ] as const)('does not take %s %s for a phone', (country, written) => {
    expect(normalisePhone(written, country)).toBeUndefined()
  })

  it('shows country, area and the last four digits only', () => {
    expect(maskPhone('+5511987654321')).toBe('+55 11 ••••• 4321')
    expect(maskPhone('+525512345678')).toBe('+52 55 •••• 5678')
    expect(maskPhone('+573001234567')).toBe('+57 300 •••4567')
  })
})
