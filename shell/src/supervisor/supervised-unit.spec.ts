/** @jest-environment jsdom */
import type { MountedUnit, UiHost, UiUnit } from '@dcesop/sdk-plugin/ui'
import { type LoadFailureCode, RemoteLoadError } from '../remotes/load-failure.ts'
import { createFailureLog } from './failures.ts'
import type { CardContent, Incident, UnitSource } from './source.ts'
import { superviseUnit, type SupervisorTools } from './supervised-unit.ts'

/** A unit that writes what it shows; the supervisor does not look at its Vue app. */
function unit(text: string, trace: string[] = []): UiUnit {
  return {
    kind: 'page',
    async mount(target, _host, context) {
      target.textContent = `${text} ${String(context)}`
      trace.push(`mount ${text}`)
      return {
        app: { config: {} } as MountedUnit['app'],
        update: (_next, value) => void (target.textContent = `${text} ${String(value)}`),
        async unmount() {
          trace.push(`unmount ${text}`)
        },
      }
    },
  }
}

const available = (load: () => Promise<UiUnit>, version = '1.0.0'): UnitSource => ({
  kind: 'available',
  ref: { plugin: 'offers', version, expose: 'panel' },
  load,
})
const never = () => new Promise<never>(() => undefined)

function stage(limits = { loadMs: 30, mountMs: 30 }, onLate?: () => void) {
  const target = document.createElement('div')
  const cards: CardContent[] = []
  const incidents: Incident[] = []
  let count = 0
  const tools: SupervisorTools = {
    limits,
    failures: createFailureLog(() => 0),
    now: () => new Date('2026-01-02T03:04:05Z'),
    newIncidentId: () => `i${++count}`,
    report: (incident) => void incidents.push(incident),
    host: async (_ref, reportError) => ({ theme: 'light', reportError }) as UiHost,
    showLoading(place) {
      const skeleton = place.appendChild(document.createElement('i'))
      return () => skeleton.remove()
    },
    showCard(place, content) {
      cards.push(content)
      const card = place.appendChild(document.createElement('b'))
      card.textContent = `card ${content.reason} ${content.ref.version}`
      return () => card.remove()
    },
  }
  return { target, cards, incidents, tools, supervised: superviseUnit<string>(target, 'a', tools, onLate) }
}

describe('supervised unit', () => {
  it('mounts, updates and unmounts, and leaves nothing behind', async () => {
    const { target, supervised, incidents } = stage()
    const trace: string[] = []
    await supervised.show(available(async () => unit('panel', trace)))
    expect([supervised.state, target.textContent]).toEqual(['mounted', 'panel a'])
    await supervised.update('b')
    expect(target.textContent).toBe('panel b')
    await supervised.stop()
    expect([supervised.state, target.innerHTML, trace]).toEqual(['stopped', '', ['mount panel', 'unmount panel']])
    expect(incidents).toEqual([])
  })

  it.each<[string, () => Promise<UiUnit>, string]>([
    ['does not load', () => Promise.reject(new Error('404')), 'load'],
    [
      'throws while it loads',
      () => {
        throw new Error('syntax')
      },
      'load',
    ],
    ['loads for ever', never, 'timeout'],
    [
      'throws in mount',
      async () => ({
        kind: 'page',
        mount: () => {
          throw new Error('boom')
        },
      }),
      'mount',
    ],
    ['rejects in mount', async () => ({ kind: 'page', mount: () => Promise.reject(new Error('boom')) }), 'mount'],
    ['mounts for ever', async () => ({ kind: 'page', mount: never }), 'timeout'],
  ])('shows a card and reports when a unit %s', async (_, load, reason) => {
    const { target, supervised, incidents } = stage()
    await supervised.show(available(load))
    expect([supervised.state, target.textContent]).toEqual(['failed', `card ${reason} 1.0.0`])
    expect(incidents).toEqual([
      expect.objectContaining({ id: 'i1', plugin: 'offers', version: '1.0.0', phase: reason }),
    ])
  })

  it('mounts after a retry', async () => {
    const { target, supervised, cards } = stage()
    let tries = 0
    await supervised.show(available(async () => (++tries === 1 ? Promise.reject(new Error('offline')) : unit('panel'))))
    cards[0]?.retry?.()
    await supervised.update('a')
    expect(target.textContent).toBe('panel a')
  })

  it('offers no retry after the third failure, nor loads again in this session', async () => {
    const { target, supervised, cards, incidents } = stage()
    const load = jest.fn(() => Promise.reject(new Error('broken')))
    for (let times = 0; times < 4; times += 1) await supervised.show(available(load))
    expect(load).toHaveBeenCalledTimes(3)
    expect(cards.map(({ reason }) => reason)).toEqual(['load', 'load', 'quarantine', 'quarantine'])
    expect(cards.map(({ last }) => last)).toEqual([undefined, undefined, 'load', 'load'])
    expect(incidents.map(({ message }) => message)).toEqual([
      'broken',
      'broken',
      'Off for the session after repeated failures, now: broken',
    ])
    expect(cards.at(-1)?.retry).toBeUndefined()
    expect(target.textContent).toBe('card quarantine 1.0.0')
  })

  it('replaces a running version in place: the old one is unmounted before the new one mounts', async () => {
    const { target, supervised } = stage()
    const trace: string[] = []
    await supervised.show(available(async () => unit('v1', trace)))
    await supervised.show(available(async () => unit('v2', trace), '2.0.0'))
    expect([target.textContent, trace]).toEqual(['v2 a', ['mount v1', 'unmount v1', 'mount v2']])
  })

  it('shows why a plugin is gone and mounts by itself when it is back', async () => {
    const { target, supervised, incidents } = stage()
    await supervised.show(available(async () => unit('panel')))
    await supervised.show({
      kind: 'unavailable',
      ref: { plugin: 'offers', version: '1.0.0', expose: 'panel' },
      state: 'disabled',
      since: '',
    })
    expect([supervised.state, target.textContent]).toEqual(['unavailable', 'card unavailable 1.0.0'])
    await supervised.show(available(async () => unit('panel')))
    expect([target.textContent, incidents]).toEqual(['panel a', []])
  })

  it('waits for a running mount before it unmounts', async () => {
    const { target, supervised } = stage({ loadMs: 1_000, mountMs: 1_000 })
    const trace: string[] = []
    const shown = supervised.show(available(async () => unit('panel', trace)))
    await supervised.stop()
    await shown
    expect(target.innerHTML).toBe('')
    expect(trace.filter((line) => line.startsWith('mount')).length).toBe(
      trace.filter((line) => line.startsWith('unmount')).length,
    )
  })

  describe('a unit that comes after its time', () => {
    const slowly = unit('late')
    const late: Record<string, (gate: Promise<void>) => Promise<UiUnit>> = {
      loads: (gate) => gate.then(() => slowly),
      mounts: async (gate) => ({ ...slowly, mount: (...given) => gate.then(() => slowly.mount(...given)) }),
    }

    it.each(Object.entries(late))('takes the place of the card when it %s late', async (_way, arrive) => {
      const gate = Promise.withResolvers<void>()
      let told = 0
      const { target, supervised, incidents } = stage(undefined, () => (told += 1))
      await supervised.show(available(() => arrive(gate.promise)))
      expect(target.textContent).toBe('card timeout 1.0.0')
      gate.resolve()
      await new Promise((resolve) => setTimeout(resolve, 10))
      expect([supervised.state, target.textContent]).toEqual(['mounted', 'late a'])
      await supervised.update('b')
      expect([target.textContent, incidents.length, told]).toEqual(['late b', 1, 1])
    })
  })

  it('is not put into quarantine for a slow line', async () => {
    const { target, supervised, incidents } = stage()
    for (let times = 0; times < 4; times += 1) await supervised.show(available(never))
    expect([target.textContent, incidents.length]).toEqual(['card timeout 1.0.0', 4])
    await supervised.show(available(async () => unit('panel')))
    expect(target.textContent).toBe('panel a')
  })

  it('is not put into quarantine for a line that is down, as it is for a damaged file', async () => {
    const { supervised, cards } = stage()
    const failing = (code: LoadFailureCode) =>
      available(() => Promise.reject(new RemoteLoadError(code, 'remoteEntry.js', undefined)))
    for (let i = 0; i < 4; i += 1) await supervised.show(failing('remote_unreachable'))
    expect(cards.map(({ reason }) => reason)).toEqual(['load', 'load', 'load', 'load'])
    for (let i = 0; i < 3; i += 1) await supervised.show(failing('remote_damaged'))
    expect(cards.at(-1)?.reason).toBe('quarantine')
  })

  it('comes back by itself after a line that was down, and not after a failure of its own', async () => {
    let told = 0
    const { target, supervised } = stage(undefined, () => (told += 1))
    let code: LoadFailureCode | undefined = 'remote_unreachable'
    const source = available(async () => {
      if (code !== undefined) throw new RemoteLoadError(code, 'remoteEntry.js', undefined)
      return unit('panel')
    })
    await supervised.show(source)
    await supervised.recover()
    expect([target.textContent, told]).toEqual(['card load 1.0.0', 0])
    code = undefined
    await supervised.recover()
    await supervised.recover()
    expect([target.textContent, told]).toEqual(['panel a', 1])

    code = 'remote_damaged'
    await supervised.show(source)
    code = undefined
    await supervised.recover()
    expect(target.textContent).toBe('card load 1.0.0')
  })

  it('unmounts a unit that finished mounting when nobody waits for it any more', async () => {
    const { target, supervised } = stage()
    const trace: string[] = []
    const gate = Promise.withResolvers<void>()
    const slow: UiUnit = {
      kind: 'page',
      mount: async (...given) => (await gate.promise, unit('late', trace).mount(...given)),
    }
    await supervised.show(available(async () => slow))
    await supervised.show(available(async () => unit('other'), '1.0.1'))
    gate.resolve()
    await new Promise((resolve) => setTimeout(resolve, 10))
    expect([trace, target.textContent]).toEqual([['mount late', 'unmount late'], 'other a'])
  })

  it('takes a plugin off the screen when its running app fails three times', async () => {
    const { target, supervised, incidents } = stage()
    const page = unit('panel')
    let host: UiHost | undefined
    const failing: UiUnit = {
      kind: 'page',
      mount: (target_, given, context) => page.mount(target_, (host = given), context),
    }
    await supervised.show(available(async () => failing))
    for (let times = 0; times < 2; times += 1) host?.reportError(new Error('render'), 'render')
    expect(target.textContent).toBe('panel a')
    host?.reportError(new Error('render'), 'render')
    await supervised.update('b')
    expect(target.textContent).toBe('card quarantine 1.0.0')
    expect(incidents.map(({ quarantined }) => quarantined)).toEqual([false, false, true])
  })

  it('shows the version that mends one in quarantine', async () => {
    const { target, supervised } = stage()
    const broken = available(() => Promise.reject(new Error('no such export')))
    for (let times = 0; times < 3; times += 1) await supervised.show(broken)
    expect(target.textContent).toBe('card quarantine 1.0.0')
    await supervised.show(available(async () => unit('mended'), '1.0.1'))
    expect(target.textContent).toBe('mended a')
  })
})
