import { createLog } from './log.ts'

function lineOf(write: (log: ReturnType<typeof createLog>) => void): string {
  let line = ''
  write(createLog('info', { write: (text: string) => void (line += text) }))
  return line
}

describe('log', () => {
  it.each([
    ['an e-mail', 'no such user ana.ribeiro+x@correio.com.br here', 'ana.ribeiro'],
    ['a long e-mail', `${'a'.repeat(100)}@correio.com`, 'aaaa'],
    ['a phone', 'called +55 11 98765-4321 back', '98765'],
    ['a bare phone', 'E11000 dup key: "5511987654321"', '5511987654321'],
    ['a CPF', 'document 123.456.789-09', '123.456'],
    ['a CURP', 'id HEGG560427MVZRRL04 refused', 'HEGG560427'],
    ['an RFC', 'id HEGG560427AB1 refused', 'HEGG560427'],
  ])('does not hold %s, in whatever text it comes', (_name, text, canary) => {
    const line = lineOf((log) => log.error({ err: new Error(text), nested: { note: text } }, text))
    expect(line).not.toContain(canary)
    expect(JSON.parse(line)).toMatchObject({ level: 50 })
  })

  it('does not hold named secrets', () => {
    const line = lineOf((log) =>
      log.info({ password: 'hunter2-a', body: { totp: 'hunter2-b', clientSecret: 'hunter2-c' } }, 'x'),
    )
    expect(line).not.toContain('hunter2')
  })

  it('keeps what operators need', () => {
    const line = lineOf((log) =>
      log.info(
        { traceId: '0123456789abcdef0123456789abcdef', port: 27017, ms: 12345678901, plugin: 'customers' },
        'done at 2026-11-22T21:00:00.000Z',
      ),
    )
    expect(JSON.parse(line)).toMatchObject({
      traceId: '0123456789abcdef0123456789abcdef',
      port: 27017,
      ms: 12345678901,
      plugin: 'customers',
      msg: 'done at 2026-11-22T21:00:00.000Z',
    })
  })

  it('cannot be broken into two lines by what it is given', () => {
    const line = lineOf((log) => log.info({ name: 'a\r\n{"level":60}\u001b[31m' }, 'x'))
    expect(line.trim().split('\n')).toHaveLength(1)
  })
})
