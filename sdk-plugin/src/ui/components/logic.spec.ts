import { ApiProblem } from '../api/api-problem.ts'
import { createI18n } from '../../i18n/index.ts'
import en from '../locales/en.json'
import es from '../locales/es.json'
import { filterCommands } from './command-filter.ts'
import { nextSort } from './data-table.ts'
import { codeText, problemText } from './problem-text.ts'
import { createToasts } from './toast-store.ts'

describe('notices', () => {
  beforeEach(() => jest.useFakeTimers())
  afterEach(() => jest.useRealTimers())
  const shown = (toasts: ReturnType<typeof createToasts>): string[] => toasts.items.value.map(({ text }) => text)

  test('leave by themselves; those with an action stay twice as long, errors until dismissed', () => {
    const toasts = createToasts(8)
    toasts.push({ tone: 'ok', text: 'saved' })
    toasts.push({ tone: 'ok', text: 'moved', action: { label: 'Undo', run: () => {} } })
    const failed = toasts.push({ tone: 'danger', text: 'failed' })
    jest.advanceTimersByTime(8000)
    expect(shown(toasts)).toEqual(['moved', 'failed'])
    jest.advanceTimersByTime(60_000)
    expect(shown(toasts)).toEqual(['failed'])
    toasts.dismiss(failed)
    expect(shown(toasts)).toEqual([])
  })

  test('wait while someone reads them', () => {
    const toasts = createToasts(8)
    toasts.push({ tone: 'ok', text: 'saved' })
    toasts.hold()
    jest.advanceTimersByTime(60_000)
    expect(shown(toasts)).toEqual(['saved'])
    toasts.release()
    jest.advanceTimersByTime(8000)
    expect(shown(toasts)).toEqual([])
  })

  test('never pile up', () => {
    const toasts = createToasts(8, 2)
    for (const text of ['a', 'b', 'c']) toasts.push({ tone: 'info', text })
    expect(shown(toasts)).toEqual(['b', 'c'])
  })
})

test('commands are found by any word, without accents, those that start with it first', () => {
  const commands = [
    { id: 'b', label: 'Abrir diagnóstico', group: 'Páginas' },
    { id: 'a', label: 'Diagnóstico guiado', keywords: 'línea fibra' },
    { id: 'c', label: 'Facturas' },
  ]
  const ids = (query: string): string[] => filterCommands(commands, query).map(({ id }) => id)
  expect(ids('diagnostico')).toEqual(['a', 'b'])
  expect(ids('FIBRA guiado')).toEqual(['a'])
  expect(ids('pagina')).toEqual(['b'])
  expect(ids('')).toEqual(['b', 'a', 'c'])
  expect(ids('nada')).toEqual([])
})

test('pressing a column sorts up, pressing again down', () => {
  const up = nextSort(undefined, 'age')
  expect(up).toEqual({ key: 'age', direction: 'ascending' })
  expect(nextSort(up, 'age').direction).toBe('descending')
  expect(nextSort(nextSort(up, 'age'), 'name')).toEqual({ key: 'name', direction: 'ascending' })
})

describe('a failed request in words', () => {
  const text = createI18n({ locale: 'en', catalogues: { en } })

  test('never shows the sentence of the server', () => {
    const mistake = new ApiProblem({ status: 422, code: 'of_a_plugin', detail: 'The reason is too short.' })
    const fault = new ApiProblem({ status: 500, code: 'internal_error', detail: 'TypeError at line 3' })
    expect(problemText(mistake, text)).toBe(en['ui.state.error.refused'])
    expect(problemText(fault, text)).toBe(en['ui.state.error.text'])
  })

  test('has its own words, whoever asks for them', () => {
    const shell = createI18n({ locale: 'es', catalogues: { es: {} } })
    const said = (code: string, status: number): string =>
      problemText(new ApiProblem({ status, code, detail: 'There is no such record.' }), shell)
    expect(said('unreachable', 0)).toBe(es['ui.state.error.unreachable'])
    // What loads by itself is data: a note that could not be saved is not saved later.
    expect(said('offline', 0)).toBe(es['ui.problem.offline'])
    expect(said('not_found', 404)).toBe(es['ui.state.missing.text'])
    expect(said('forbidden', 403)).toBe(es['ui.state.forbidden.text'])
    expect(said('invalid_request', 400)).toBe(es['ui.state.error.refused'])
    expect(said('precondition_failed', 412)).toBe(es['ui.problem.precondition_failed'])
  })

  test('is told by its code alone, where that is one of the host', () => {
    expect(codeText('forbidden', text)).toBe(en['ui.state.forbidden.text'])
    expect(codeText('plugin_has_dependants', { locale: 'pt-BR' })).toMatch(/^Outros plugins/)
    expect(codeText('it was slow', text)).toBeUndefined()
  })

  test('says when to try again', () => {
    const busy = new ApiProblem({ status: 429, code: 'busy', retryAfter: 1 })
    expect(problemText(busy, text)).toBe('The server is busy. Try again in 1 second.')
  })
})
