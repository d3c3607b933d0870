/** @jest-environment jsdom */
import { defineComponent, h, nextTick, ref } from 'vue'
import { createI18n } from '../../i18n/index.ts'
import { ApiProblem } from '../api/api-problem.ts'
import type { PageContext, RealtimeClient, UiHost } from '../host.ts'
import { type Query, useQuery } from '../query/use-query.ts'
import { definePage } from './define-unit.ts'
import { useHost, usePage, usePermission } from './use-host.ts'
import { useI18n } from './use-i18n.ts'
import { useShortcuts } from './use-shortcuts.ts'
import { useTopic } from './use-topic.ts'

const catalogues = { es: { hello: 'Hola' }, en: { hello: 'Hello' } }
const page: PageContext = { params: { id: 'c1' }, query: {}, path: '/customers/c1' }

function host(locale: string, changes: Partial<UiHost> = {}): UiHost {
  const never = (): never => {
    throw new Error('not part of this test')
  }
  return {
    api: { get: never, post: never, put: never, patch: never, delete: never },
    realtime: { state: 'connected', onState: () => () => {}, subscribe: () => () => {} },
    i18n: createI18n({ locale, catalogues }),
    user: { subject: 'u1', displayName: 'Ana', roles: [], permissions: new Set(['customers:view']), regions: ['br'] },
    navigate: never,
    announce: never,
    notify: never,
    stepUp: never,
    addShortcuts: never,
    theme: 'light',
    plugin: { id: 'customers', version: '1.0.0' },
    slots: { mountSlot: never },
    reportError: never,
    ...changes,
  }
}

async function mount(setup: () => () => unknown, withHost = host('es')) {
  const element = document.createElement('div')
  const unit = await definePage({ component: defineComponent({ setup }) }).mount(element, withHost, page)
  return { element, unit }
}

describe('a unit', () => {
  test('names its plugin and language, and follows host and context', async () => {
    const { element, unit } = await mount(() => {
      const { t } = useI18n()
      const current = usePage()
      const shell = useHost()
      return () => h('p', [t('hello'), current.value.params['id'], shell.theme].join(' '))
    })
    expect([element.lang, element.dataset['plugin'], element.textContent]).toEqual(['es', 'customers', 'Hola c1 light'])
    unit.update(host('en', { theme: 'dark' }), { ...page, params: { id: 'c2' } })
    await nextTick()
    expect([element.lang, element.textContent]).toEqual(['en', 'Hello c2 dark'])
    await unit.unmount()
    expect(element.textContent).toBe('')
  })

  test('an error while mounting rejects, so that the shell shows its card', async () => {
    const broken = (): never => {
      throw new Error('broken setup')
    }
    const warned = jest.spyOn(console, 'warn').mockImplementation(() => {})
    await expect(mount(broken)).rejects.toThrow('broken setup')
    warned.mockRestore()
  })

  test('a later error is reported and the unit stays', async () => {
    const reports: unknown[] = []
    const withHost = host('es', { reportError: (error) => reports.push(error) })
    const failure = new Error('broken click')
    const { element } = await mount(() => () => h('button', { onClick: () => Promise.reject(failure) }, 'x'), withHost)
    element.querySelector('button')?.click()
    await new Promise((resolve) => setTimeout(resolve))
    expect(reports).toEqual([failure])
    expect(element.textContent).toBe('x')
  })

  test('its keys follow what there is to do, and end with it', async () => {
    const listed: string[] = []
    const addShortcuts: UiHost['addShortcuts'] = (shortcuts) => {
      listed.push(...shortcuts.map(({ keys }) => keys))
      return () => void listed.splice(0)
    }
    const tabs = ref(1)
    const { unit } = await mount(
      () => {
        useShortcuts(() =>
          Array.from({ length: tabs.value }, (_, at) => ({ keys: `g ${at + 1}`, label: '', run() {} })),
        )
        return () => null
      },
      host('es', { addShortcuts }),
    )
    expect(listed).toEqual(['g 1'])
    tabs.value = 2
    await nextTick()
    expect(listed).toEqual(['g 1', 'g 2'])
    await unit.unmount()
    expect(listed).toEqual([])
  })

  test('permissions are the person’s', async () => {
    const { element } = await mount(
      () => () => h('p', [usePermission('customers:view').value, usePermission('x:y').value].join()),
    )
    expect(element.textContent).toBe('true,false')
  })
})

describe('useQuery', () => {
  beforeEach(() => jest.useFakeTimers())
  afterEach(() => jest.useRealTimers())

  async function query(
    fetcher: () => Promise<string[]>,
    options: Parameters<typeof useQuery<string[]>>[1] = {},
    withHost = host('es'),
  ) {
    let made: Query<string[]> | undefined
    const { unit } = await mount(() => {
      made = useQuery(fetcher, options)
      return () => null
    }, withHost)
    if (made === undefined) throw new Error('setup did not run')
    return { query: made, unit }
  }
  const settle = (): Promise<unknown> => jest.advanceTimersByTimeAsync(0)

  test('asks for nothing by itself while paused, and what it shows grows old', async () => {
    const fetcher = jest.fn(async () => ['a'])
    const paused = ref(false)
    const { query: one } = await query(fetcher, { refreshMs: 10_000, paused })
    await settle()
    paused.value = true
    await jest.advanceTimersByTimeAsync(30_000)
    expect(fetcher).toHaveBeenCalledTimes(1)
    expect(one.state.value).toBe('stale')
    paused.value = false
    await jest.advanceTimersByTimeAsync(10_000)
    expect(fetcher).toHaveBeenCalledTimes(2)
    expect(one.state.value).toBe('ready')
  })

  test('goes from loading to data, and an empty list is empty', async () => {
    let answer: (rows: string[]) => void = () => {}
    const { query: one } = await query(() => new Promise((resolve) => (answer = resolve)))
    expect(one.state.value).toBe('loading')
    answer([])
    await settle()
    expect(one.state.value).toBe('empty')
  })

  test('an error offers a retry that works', async () => {
    const answers = [
      () => Promise.reject(new ApiProblem({ status: 500, code: 'internal', traceId: 't1' })),
      async () => ['a'],
    ]
    const { query: one } = await query(() => (answers.shift() ?? (async () => ['b']))())
    await settle()
    expect([one.state.value, one.problem.value?.traceId]).toEqual(['error', 't1'])
    await one.refetch()
    expect([one.state.value, one.data.value]).toEqual(['ready', ['a']])
  })

  test('refreshes in the background, keeps old data when that fails, and stops with the unit', async () => {
    const calls: boolean[] = []
    let fail = false
    const { query: one, unit } = await query(
      (async ({ background }: { background: boolean }) => {
        calls.push(background)
        if (fail) throw new ApiProblem({ status: 503, code: 'busy' })
        return ['a']
      }) as () => Promise<string[]>,
      { refreshMs: 1000 },
    )
    // However often one wants it.
    await jest.advanceTimersByTimeAsync(4999)
    expect(calls).toEqual([false])
    await jest.advanceTimersByTimeAsync(1)
    expect(calls).toEqual([false, true])
    fail = true
    await jest.advanceTimersByTimeAsync(5000)
    expect([one.state.value, one.data.value]).toEqual(['stale', ['a']])
    await unit.unmount()
    await jest.advanceTimersByTimeAsync(10_000)
    expect(calls).toHaveLength(3)
  })

  test('a unit that is scrolled away asks for nothing, and for what it missed when it is back', async () => {
    let scroll: (isIntersecting: boolean) => void = () => {}
    const observers = new Set<object>()
    class Observer {
      constructor(tell: (entries: { isIntersecting: boolean }[]) => void) {
        scroll = (isIntersecting) => tell([{ isIntersecting }])
      }
      observe() {
        observers.add(this)
      }
      disconnect() {
        observers.delete(this)
      }
    }
    Object.assign(globalThis, { IntersectionObserver: Observer })
    const fetcher = jest.fn(async () => ['a'])
    const { unit } = await query(fetcher, { refreshMs: 10_000 })
    await settle()
    scroll(false)
    await jest.advanceTimersByTimeAsync(25_000)
    expect(fetcher).toHaveBeenCalledTimes(1)
    scroll(true)
    await settle()
    expect(fetcher).toHaveBeenCalledTimes(2)
    // A moment away is nothing missed.
    scroll(false)
    await settle()
    scroll(true)
    await settle()
    expect(fetcher).toHaveBeenCalledTimes(2)
    await unit.unmount()
    expect(observers.size).toBe(0)
    Reflect.deleteProperty(globalThis, 'IntersectionObserver')
  })

  test('what failed is asked for again once the server is back, and not what worked', async () => {
    const listeners = new Set<(state: RealtimeClient['state']) => void>()
    const realtime: RealtimeClient = {
      state: 'reconnecting',
      onState: (listener) => {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
      subscribe: () => () => {},
    }
    const become = (state: RealtimeClient['state']) => listeners.forEach((listener) => listener(state))
    let calls = 0
    const fetcher = async () => {
      if (++calls === 1) throw new ApiProblem({ status: 0, code: 'unreachable' })
      return ['a']
    }
    const { query: one, unit } = await query(fetcher, {}, host('es', { realtime }))
    await settle()
    become('offline')
    await settle()
    expect([one.state.value, calls]).toEqual(['error', 1])
    for (const state of ['connected', 'reconnecting', 'connected'] as const) {
      become(state)
      await settle()
    }
    expect([one.state.value, calls]).toEqual(['ready', 2])
    await unit.unmount()
    expect(listeners.size).toBe(0)
  })

  test('an answer that was overtaken is thrown away', async () => {
    const resolvers: ((value: string[]) => void)[] = []
    const { query: one } = await query(() => new Promise((resolve) => resolvers.push(resolve)))
    void one.refetch()
    resolvers[1]?.(['new'])
    resolvers[0]?.(['old'])
    await settle()
    expect(one.data.value).toEqual(['new'])
  })
})

test('useTopic joins, tells payloads, and leaves with the unit', async () => {
  const log: string[] = []
  const subscribe: RealtimeClient['subscribe'] = ({ key }, listener) => {
    log.push(`join ${key}`)
    listener.joined?.()
    listener.message({ id: 'a-1', payload: 42 as never })
    return () => void log.push(`leave ${key}`)
  }
  const realtime: RealtimeClient = { state: 'connected', onState: () => () => {}, subscribe }
  const { element, unit } = await mount(
    () => {
      const current = usePage()
      const topic = useTopic<number>(
        () => ({ topic: 'metrics', region: 'br', key: current.value.params['id'] ?? '' }),
        { message: ({ payload }) => void log.push(`got ${payload}`), resync: () => {} },
      )
      return () => h('p', String(topic.joined.value))
    },
    host('es', { realtime }),
  )
  expect(element.textContent).toBe('true')
  unit.update(host('es', { realtime }), { ...page, params: { id: 'c2' } })
  await nextTick()
  await unit.unmount()
  expect(log).toEqual(['join c1', 'got 42', 'leave c1', 'join c2', 'got 42', 'leave c2'])
})
