/** @jest-environment jsdom */
import type { Incident } from './source.ts'
import { watchUncaught } from './uncaught.ts'

const chunk = 'http://localhost/ui/line-test/1.0.0-rc.1-0a1b2c3d/panel.5e6f.js'
const shell = 'http://localhost/shell.js'

/** An error as a browser has it, thrown at the first of the files. */
function thrownIn(message: string, ...files: string[]): Error {
  const error = new Error(message)
  error.stack = [`Error: ${message}`, ...files.map((file) => `    at f (${file}:1:2)`)].join('\n')
  return error
}

function stage() {
  const incidents: Incident[] = []
  const target = new EventTarget()
  const stop = watchUncaught(target, {
    newIncidentId: () => 'i1',
    now: () => new Date(0),
    report: (incident) => void incidents.push(incident),
  })
  return {
    incidents,
    stop,
    fail: (error: unknown, filename = '') =>
      target.dispatchEvent(Object.assign(new Event('error'), { error, filename })),
    reject: (reason: unknown) => target.dispatchEvent(Object.assign(new Event('unhandledrejection'), { reason })),
  }
}

describe('an error that nobody catches', () => {
  it('is reported of the version whose code let it go, also through the code of the shell', () => {
    const { fail, reject, incidents } = stage()
    fail(thrownIn('timer', chunk))
    reject(thrownIn('promise', shell, chunk))
    expect(incidents).toEqual([
      {
        ...{ id: 'i1', plugin: 'line-test', version: '1.0.0-rc.1', unit: 'script', phase: 'crash', message: 'timer' },
        ...{ at: '1970-01-01T00:00:00.000Z', quarantined: false },
      },
      expect.objectContaining({ plugin: 'line-test', message: 'promise' }),
    ])
  })

  it('that is no error is attributed by its file', () => {
    const { fail, incidents } = stage()
    fail('a text', chunk)
    expect(incidents).toMatchObject([{ plugin: 'line-test', message: 'a text' }])
  })

  it('of the shell, or without a place, is no plugin’s', () => {
    const { fail, reject, incidents } = stage()
    fail(thrownIn('own', shell), shell)
    reject(undefined)
    expect(incidents).toEqual([])
  })

  it('is told once, and not for ever', () => {
    const { fail, stop, incidents } = stage()
    for (let times = 0; times < 3; times += 1) fail(thrownIn('again', chunk))
    expect(incidents).toHaveLength(1)
    for (let times = 0; times < 30; times += 1) fail(thrownIn(`error ${times}`, chunk))
    expect(incidents).toHaveLength(10)
    stop()
    fail(thrownIn('other', chunk.replace('line-test', 'offers')))
    expect(incidents).toHaveLength(10)
  })
})
