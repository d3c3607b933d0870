import { networkReason, systemSentence } from './system-error.ts'
import { speak } from './text.ts'

const failed = (code: string, more: Partial<NodeJS.ErrnoException> & { dest?: string } = {}) =>
  Object.assign(new Error(`${code}: as Node says`), { code, ...more })

afterEach(() => speak('en'))

describe('what the system refuses', () => {
  it('is told with the file, also where Node does not know which', () => {
    expect(systemSentence(failed('ENOENT', { path: 'a.tgz', syscall: 'open' }))).toBe('There is no a.tgz.')
    expect(systemSentence(failed('EISDIR', { syscall: 'read' }), 'b')).toBe('b is a folder where a file is needed.')
    expect(systemSentence(failed('ENOENT', { path: 'npm', syscall: 'spawn npm' }))).toBe(
      'The program "npm" is not there.',
    )
  })

  it('is told of a copy that finds no room with the file that it makes', () => {
    const copy = { path: 'template/a', dest: 'radio/a', syscall: 'copyfile' }
    expect(systemSentence(failed('ENOSPC', copy))).toBe('There is no room left to write radio/a.')
    expect(systemSentence(failed('ENOENT', copy))).toBe('There is no template/a.')
  })

  it('is what Node says where there is nothing better', () => {
    expect(systemSentence(failed('EMFILE', { path: 'a' }))).toBe('EMFILE: as Node says')
    expect(systemSentence(failed('ENOENT'))).toBe('ENOENT: as Node says')
  })
})

describe('why a connection failed', () => {
  it('is told in the language, with the code', async () => {
    const error = new Error('fetch failed', { cause: failed('ENOTFOUND') })
    expect(networkReason(error)).toBe('no such name is known, ENOTFOUND')
    await speak('es-CO')
    expect(networkReason(error)).toBe('ese nombre no existe, ENOTFOUND')
    await speak('pt-BR')
    expect(networkReason(error)).toBe('esse nome não existe, ENOTFOUND')
  })

  it('is what is below it, or the code alone', () => {
    expect(networkReason(new Error('fetch failed', { cause: failed('EODD') }))).toBe('EODD: as Node says')
    expect(networkReason(new Error('fetch failed', { cause: Object.assign(new Error(''), { code: 'EODD' }) }))).toBe(
      'EODD',
    )
    expect(networkReason(new Error('bad port'))).toBe('bad port')
  })
})
