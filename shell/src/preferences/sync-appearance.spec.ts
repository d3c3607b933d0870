import { ApiProblem, type ApiClient } from '@dcesop/sdk-plugin/ui'
import { type Appearance, defaultAppearance } from './appearance.ts'
import type { AppearanceOrigin, AppearanceStore } from './appearance-store.ts'
import { syncAppearance } from './sync-appearance.ts'

jest.mock('@dcesop/sdk-plugin/ui', () => jest.requireActual('../../../sdk-plugin/src/ui/api/api-problem.ts'))

const here: Appearance = defaultAppearance(['en'])
const kept: Appearance = { ...here, theme: 'dark', density: 'compact', locale: 'pt-BR', letters: false }
const settled = () => new Promise((resolve) => setTimeout(resolve))

function stage(origin: AppearanceOrigin, stored?: Appearance) {
  const adopted: unknown[] = []
  const written: unknown[] = []
  const state = { etag: '"1"', settled: false, slow: Promise.resolve(), puts: 0 }
  let changed: (appearance: Appearance) => void = () => undefined
  const store: Pick<AppearanceStore, 'origin' | 'chosen' | 'appearance' | 'adopt' | 'settle' | 'onChange'> = {
    origin,
    chosen: origin === 'chosen' ? { locale: here.locale } : {},
    appearance: { value: here } as AppearanceStore['appearance'],
    adopt: async (value) => void adopted.push(value),
    settle: () => void (state.settled = true),
    onChange(listener) {
      changed = listener
      return () => (changed = () => undefined)
    },
  }
  const api: Pick<ApiClient, 'get' | 'put'> = {
    async get<T>(_path: string, options?: { onHeaders?: (headers: Headers) => void }) {
      if (stored === undefined) return undefined as T
      options?.onHeaders?.(new Headers({ etag: state.etag }))
      return { value: stored } as T
    },
    async put<T>(_path: string, body: unknown, options?: { ifMatch?: string }) {
      state.puts += 1
      await state.slow
      if (options?.ifMatch !== undefined && options.ifMatch !== state.etag)
        throw new ApiProblem({ status: 412, code: 'precondition_failed' })
      written.push((body as { value: unknown }).value)
      return undefined as T
    },
  }
  const stop = syncAppearance(api as ApiClient, store as AppearanceStore, 'es-MX')
  return { adopted, written, state, stop, change: (appearance: Appearance) => changed(appearance) }
}

describe('syncAppearance', () => {
  it.each<[string, AppearanceOrigin, Appearance | undefined, unknown[], unknown[]]>([
    ['takes over what the host keeps', 'stored', kept, [kept], []],
    [
      'gives the host what was chosen before signing in, over what it keeps',
      'chosen',
      kept,
      [{ ...kept, locale: 'en' }],
      [{ ...kept, locale: 'en' }],
    ],
    ['follows the account’s language at a first visit', 'default', undefined, [{ locale: 'es-MX' }], []],
    ['leaves an earlier visit alone when the host keeps nothing', 'stored', undefined, [], []],
  ])('%s', async (_, origin, stored, adopted, written) => {
    const seen = stage(origin, stored)
    await settled()
    expect([seen.adopted, seen.written]).toEqual([adopted, written])
  })

  it('writes choices in their order, however slow the host is', async () => {
    const seen = stage('stored', kept)
    await settled()
    let release: () => void = () => undefined
    seen.state.slow = new Promise((resolve) => (release = resolve))
    seen.change(kept)
    seen.change(here)
    await settled()
    expect(seen.state.puts).toBe(1)
    release()
    await settled()
    expect(seen.written).toEqual([kept, here])
  })

  it('keeps each later choice, also after another device wrote in between, until stopped', async () => {
    const seen = stage('stored', kept)
    await settled()
    seen.state.etag = '"2"'
    seen.change(here)
    await settled()
    expect(seen.written).toEqual([here])
    expect(seen.state.settled).toBe(false)
    seen.stop()
    expect(seen.state.settled).toBe(true)
    seen.state.settled = false
    seen.stop()
    expect(seen.state.settled).toBe(false)
    seen.change(kept)
    await settled()
    expect(seen.written).toEqual([here])
  })
})
