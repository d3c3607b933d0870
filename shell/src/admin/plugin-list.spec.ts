import type { ApiClient } from '@dcesop/sdk-plugin/ui'
import {
  type Change,
  changesOf,
  explains,
  fetchPluginList,
  type InstalledPlugin,
  requestChange,
  stateOf,
} from './plugin-list.ts'

const plugin = (more: Partial<InstalledPlugin>): InstalledPlugin => ({
  id: 'a',
  version: '1.0.0',
  state: 'ACTIVE',
  enabled: true,
  since: '',
  previous: null,
  otherVersions: [],
  ...more,
})

it('joins installed plugins with the store’s packages', async () => {
  const { previous: _previous, otherVersions: _others, ...status } = plugin({})
  const answers: Record<string, unknown> = {
    '/admin/plugins': {
      plugins: [status],
      packages: [
        { id: 'a', version: '1.0.0' },
        { id: 'a', version: '1.1.0' },
        { id: 'b', version: '2.0.0' },
      ],
    },
    '/admin/plugins/a': { previous: '0.9.0', revision: '5e' },
  }
  const api = { get: async (path: string) => answers[path] } as unknown as ApiClient
  expect(await fetchPluginList(api, new AbortController().signal, false)).toEqual({
    plugins: [plugin({ previous: '0.9.0', revision: '5e', otherVersions: ['1.1.0'] })],
    installable: [{ id: 'b', version: '2.0.0' }],
  })
})

it.each([
  ['a running plugin', {}, ['disable']],
  ['a disabled plugin', { enabled: false }, ['enable']],
  [
    'one with another package and a past',
    { otherVersions: ['1.1.0'], previous: '0.9.0' },
    ['upgrade 1.1.0', 'rollback', 'disable'],
  ],
])('offers of %s what can be done', (_, more, expected) => {
  expect(changesOf(plugin(more)).map(({ verb, version }) => [verb, version].filter(Boolean).join(' '))).toEqual(
    expected,
  )
})

it.each([
  ['runs', {}, 'ACTIVE', false],
  [
    'was switched off',
    { state: 'STOPPED', enabled: false, reason: 'disabled', causes: [{ code: 'disabled', params: {} }] },
    'DISABLED',
    false,
  ],
  [
    'was switched off with another',
    {
      state: 'STOPPED',
      enabled: false,
      reason: 'disabled with b',
      causes: [{ code: 'disabled_with', params: { plugin: 'b' } }],
    },
    'DISABLED',
    true,
  ],
  ['has to wait for another', { state: 'STOPPED', reason: 'b is not there' }, 'STOPPED', true],
])('tells the state of one that %s, and a reason where it says more', (_, more, state, explained) => {
  expect([stateOf(plugin(more)), explains(plugin(more))]).toEqual([state, explained])
})

it('names the version only where there is one, because the step-up is bound to it', async () => {
  const sent: unknown[] = []
  const api = { post: async (...given: unknown[]) => void sent.push(given) } as unknown as ApiClient
  await requestChange(api, { verb: 'upgrade', plugin: 'a', version: '1.1.0' })
  await requestChange(api, { verb: 'disable', plugin: 'a' })
  await requestChange(api, changesOf(plugin({ revision: '5e' }))[0] as Change)
  expect(sent).toEqual([
    ['/admin/plugins/a/upgrade', { version: '1.1.0' }, {}],
    ['/admin/plugins/a/disable', {}, {}],
    // On what was seen, and nothing else.
    ['/admin/plugins/a/disable', {}, { ifMatch: '"5e"' }],
  ])
})
