import { createI18n } from '@dcesop/sdk-plugin/i18n'
import { soon } from './soon.ts'

const i18n = createI18n({ locale: 'pt-BR', catalogues: {} })
const told = (iso: string, now: string) => soon(i18n, iso, 'America/Sao_Paulo', now)

test('of today the hour is enough, where the customer is', () => {
  // 23:30 UTC is 20:30 there, and 02:00 UTC is 23:00 of the same day.
  expect(told('2026-03-02T02:00:00Z', '2026-03-01T23:30:00Z')).toMatch(/^23:00/)
  expect(told('2026-03-02T03:00:00Z', '2026-03-01T23:30:00Z')).toMatch(/^2 de mar. de 2026, 00:00/)
})

test('another day has its month as a word, whatever order the reader expects', () => {
  const en = createI18n({ locale: 'en', catalogues: {} })
  expect(soon(en, '2026-12-01T05:00:00Z', 'America/Bogota', '2026-11-30T20:00:00Z')).toMatch(/^Dec 1, 2026, 12:00/)
})
