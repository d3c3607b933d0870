import { createI18n, type I18nProblem } from './create-i18n.ts'

const catalogues = {
  es: { lines: '{n, plural, one {# línea} other {# líneas}}', hello: 'Hola, {name}', phone: 'móvil' },
  'es-MX': { phone: 'celular' },
  'pt-BR': { hello: 'Olá, {name}' },
  en: { hello: 'Hello, {name}', only: 'English only' },
}

function i18n(locale: string, onProblem?: (problem: I18nProblem) => void) {
  return createI18n({
    locale,
    catalogues,
    now: () => new Date('2026-03-01T12:00:00Z'),
    ...(onProblem && { onProblem }),
  })
}

describe('texts', () => {
  test('a delta locale says its own word and inherits the rest', () => {
    expect(i18n('es-MX').t('phone')).toBe('celular')
    expect(i18n('es-MX').t('lines', { n: 2 })).toBe('2 líneas')
    expect(i18n('es-CO').t('phone')).toBe('móvil')
  })

  test('a message that only English has is not shown in another language', () => {
    const problems: I18nProblem[] = []
    const text = i18n('pt-BR', (problem) => problems.push(problem))
    expect([text.t('only'), text.t('only'), text.t('phone')]).toEqual(['only', 'only', 'phone'])
    expect(problems).toEqual([
      { kind: 'missing', locale: 'pt-BR', id: 'only' },
      { kind: 'missing', locale: 'pt-BR', id: 'phone' },
    ])
  })

  test('an abbreviation at the end brings the full stop', () => {
    const text = createI18n({ locale: 'es', catalogues: { es: { by: 'Vuelve a las {time}.', etc: 'Espere...' } } })
    expect([text.t('by', { time: '12:00 a.m.' }), text.t('by', { time: '15:00' }), text.t('etc')]).toEqual([
      'Vuelve a las 12:00 a.m.', 'Vuelve a las 15:00.', 'Espere...',
    ]) // oxfmt-ignore
  })

  test('a path keeps its two points', () => {
    const text = createI18n({ locale: 'en', catalogues: { en: { wrote: 'Wrote {folder}.' } } })
    expect(text.t('wrote', { folder: '../../radio' })).toBe('Wrote ../../radio.')
    expect(text.t('wrote', { folder: '"v1.." and 1..2' })).toBe('Wrote "v1." and 1..2.')
  })

  test('a forgotten value shows the id, does not throw, and is reported', () => {
    const problems: I18nProblem[] = []
    expect(i18n('es', (problem) => problems.push(problem)).t('hello')).toBe('hello')
    expect(problems).toMatchObject([{ kind: 'format', id: 'hello' }])
  })

  test('an id like a member of Object is not a message', () => {
    expect(i18n('es').t('toString')).toBe('toString')
  })

  test('values are text, never markup or messages', () => {
    expect(i18n('es').t('hello', { name: '<b>{n}</b>' })).toBe('Hola, <b>{n}</b>')
  })

  test('the pseudo locale accents, lengthens and brackets the Spanish message', () => {
    expect(i18n('qps-ploc').t('hello', { name: 'Ana' })).toBe('[Höļá, Ana~~~]')
  })
})

/** Golden renders (rule I5): what people in each country expect to read. No-break spaces are shown as "_". */
describe.each([
  ['es', '1.234,5', '1234,50_BRL', '-28,4_dBm', '12,3_GB', '65,5_%', 'hace 40 s'],
  ['es-MX', '1,234.5', 'BRL_1,234.50', '-28.4_dBm', '12.3_GB', '65.5%', 'hace 40 s'],
  ['es-CO', '1.234,5', 'BRL_1.234,50', '-28,4_dBm', '12,3_GB', '65,5%', 'hace 40 s'],
  ['pt-BR', '1.234,5', 'R$_1.234,50', '-28,4_dBm', '12,3_GB', '65,5%', 'há 40 seg.'],
  ['en', '1,234.5', 'R$1,234.50', '-28.4_dBm', '12.3_GB', '65.5%', '40 sec. ago'],
])('%s', (locale, number, money, level, size, share, past) => {
  const text = i18n(locale)
  const shown = (value: string): string => value.replace(/[\u00a0\u202f]/g, '_')

  test('numbers, money and units', () => {
    expect(shown(text.n(1234.5, { useGrouping: 'always' }))).toBe(number)
    expect(shown(text.money(123450, 'BRL'))).toBe(money)
    expect(shown(text.unit(-28.4, 'dBm'))).toBe(level)
    expect(shown(text.unit(12.34, 'GB')).replace(' ', '_')).toBe(size)
    expect(shown(text.unit(65.5, '%'))).toBe(share)
  })

  test('relative time', () => {
    expect(shown(text.relTime('2026-03-01T11:59:20Z')).replace('_', ' ')).toBe(past)
  })
})

test('money uses the digits of the currency', () => {
  expect(i18n('en').money(1234, 'JPY')).toBe('¥1,234')
  expect(i18n('en').money(1234, 'USD')).toBe('$12.34')
})

test('relative time takes the largest whole unit, past and future', () => {
  const text = i18n('es')
  const at = (seconds: number): string => text.relTime(new Date(Date.parse('2026-03-01T12:00:00Z') + seconds * 1000))
  expect([at(0), at(-59), at(-60), at(-3599), at(-7200), at(-86_400), at(180)]).toEqual([
    'ahora', 'hace 59 s', 'hace 1 min', 'hace 59 min', 'hace 2 h', 'ayer', 'dentro de 3 min',
  ]) // oxfmt-ignore
})

test('months are written out, since "m" reads as minutes', () => {
  const past = (locale: string, days: number): string =>
    i18n(locale).relTime(new Date(Date.parse('2026-03-01T12:00:00Z') - days * 86_400_000))
  expect([past('es', 150), past('es-CO', 400), past('en', 150)]).toEqual([
    'hace 5 meses', 'el año pasado', '5 months ago',
  ]) // oxfmt-ignore
})

test('lists are joined as the language does', () => {
  expect(i18n('es').list(['línea', 'Wi-Fi', 'DNS'])).toBe('línea, Wi-Fi y DNS')
  expect(i18n('en').list(['line', 'Wi-Fi', 'DNS'])).toBe('line, Wi-Fi, and DNS')
})

describe('a time of day in the zone of a customer', () => {
  const viewer = Intl.DateTimeFormat().resolvedOptions().timeZone
  const at = '2026-03-01T06:00:00Z'
  const time = { timeStyle: 'short', timeZone: 'Pacific/Apia' } as const

  test.each([
    ['en', /^7:00\sPM \(\w+ Standard Time\)$/],
    ['es-MX', /^7:00\sp\.m\. \(hora estándar de \w+\)$/],
    ['pt-BR', /^19:00 \(Horário Padrão de \w+\)$/],
  ])('names the zone where its clocks differ, in %s', (locale, shown) => {
    expect(i18n(locale).d(at, time)).toMatch(shown)
  })

  test('is plain where the clocks agree, and where only the day is told', () => {
    const text = i18n('en')
    expect(text.d(at, { timeStyle: 'short', timeZone: viewer })).toBe(text.d(at, { timeStyle: 'short' }))
    expect(text.d(at, { dateStyle: 'short', timeZone: 'Pacific/Apia' })).toBe('3/1/26')
  })
})
