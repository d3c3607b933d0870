import type { Manifest, PermissionRequest } from '../api/manifest.ts'
import { differencesOf } from './difference.ts'

const manifest = (more: Partial<Manifest>): Manifest => ({ id: 'radio', version: '1.0.0', ...more })
const asks = (...requests: Omit<PermissionRequest, 'reasonKey'>[]) =>
  manifest({ permissions: { requests: requests.map((request) => ({ ...request, reasonKey: 'why' })) } })
const found = (from: Manifest | null, to: Manifest) =>
  differencesOf(from, to).map(({ weight, text, values }) => [weight, text, ...Object.values(values)].join(' '))

it('finds nothing between equal manifests, in whatever order their lists are', () => {
  const one = asks({ cap: 'customer:read', fields: ['name', 'phone'] }, { cap: 'secrets:use', resource: 'token' })
  const other = asks({ cap: 'secrets:use', resource: 'token' }, { cap: 'customer:read', fields: ['phone', 'name'] })
  expect(found(one, other)).toEqual([])
})

it('puts a new host and a new right before everything else', () => {
  const from = manifest({ ui: { pages: [{ path: '/radio' }] } })
  const to = {
    ...asks({ cap: 'http:egress', resource: 'api.acme.example' }, { cap: 'customer:read' }),
    ui: { pages: [{ path: '/radio' }, { path: '/map' }] },
  }
  expect(found(from, to)).toEqual([
    'risk host.added http:egress api.acme.example',
    'risk request.added customer:read ',
    'note page.added /map',
  ])
})

it('tells more fields or another purpose from fewer fields', () => {
  const few = asks({ cap: 'customer:read', fields: ['name'], purpose: 'support' })
  expect(found(few, asks({ cap: 'customer:read', fields: ['name', 'phone'], purpose: 'support' }))).toEqual([
    'risk request.wider customer:read ',
  ])
  expect(found(few, asks({ cap: 'customer:read', purpose: 'support' }))).toEqual(['risk request.wider customer:read '])
  expect(found(few, asks({ cap: 'customer:read', fields: ['name'], purpose: 'marketing' }))).toEqual([
    'risk request.wider customer:read ',
  ])
  expect(found(asks({ cap: 'customer:read', purpose: 'support' }), few)).toEqual([
    'note request.narrower customer:read ',
  ])
})

it('names what others may miss: routes, capabilities, places, events', () => {
  const from = manifest({
    backend: {
      routes: [{ method: 'GET', path: '/live', permission: 'a:view' }],
      events: { publishes: ['a.changed/v1'] },
    },
    provides: { 'radio.view': '1.0.0' },
    ui: { points: [{ id: 'radio.panel/v1' }] },
  })
  expect(found(from, manifest({}))).toEqual([
    'breaks route.removed GET /live',
    'breaks capability.removed radio.view',
    'breaks point.removed radio.panel/v1',
    'breaks publishes.removed a.changed/v1',
  ])
})

it('warns when a route asks for another permission, and when the plugin leaves its own process', () => {
  const of = (permission: string, isolation: string) =>
    manifest({ backend: { isolation, routes: [{ method: 'GET', path: '/live', permission }] } })
  expect(found(of('a:view', 'process'), of('a:all', 'inline'))).toEqual([
    'risk isolation.inline',
    'risk route.permission GET /live a:view a:all',
  ])
})

it('takes everything as new when the plugin is not installed', () => {
  expect(found(null, asks({ cap: 'secrets:use', resource: 'token' }))).toEqual(['risk request.added secrets:use token'])
})
