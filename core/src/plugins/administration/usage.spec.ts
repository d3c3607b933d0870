import type { PluginManifest } from '@dcesop/sdk-plugin/manifest'
import { usageOf } from './usage.ts'

const manifest = (id: string, more: object): PluginManifest => ({ id, version: '1.0.0', ...more }) as PluginManifest

const customers = manifest('customers', {
  provides: { 'customers.directory': '1.2.0' },
  ui: {
    pages: [{ id: 'search', path: '/customers', permission: 'customers:search' }],
    points: [{ id: 'customer360.panel/v1' }],
  },
})
const diagnostics = manifest('diagnostics', {
  consumes: [{ capability: 'customers.directory', range: '^1.0.0' }],
  ui: {
    extensions: [
      { id: 'health', point: 'customer360.panel/v1' },
      { id: 'sites', point: 'dashboard.widget/v1' },
    ],
  },
})

it('tells who fills the places of a plugin and who needs its capabilities', () => {
  expect(usageOf(customers, [customers, diagnostics])).toEqual({
    pages: [{ path: '/customers', permission: 'customers:search' }],
    extensions: [],
    points: [{ point: 'customer360.panel/v1', fills: [{ plugin: 'diagnostics', unit: 'health' }] }],
    provides: [
      {
        capability: 'customers.directory',
        version: '1.2.0',
        consumers: [{ plugin: 'diagnostics', range: '^1.0.0', optional: false }],
      },
    ],
    consumes: [],
  })
})

it('tells where a plugin shows itself and what it lives on, and when that is gone', () => {
  const health = { point: 'customer360.panel/v1', unit: 'health' }
  const sites = { point: 'dashboard.widget/v1', unit: 'sites', owner: null }
  const need = { capability: 'customers.directory', range: '^1.0.0', optional: false }
  expect(usageOf(diagnostics, [customers, diagnostics])).toMatchObject({
    extensions: [{ ...health, owner: 'customers' }, sites],
    consumes: [{ ...need, provider: 'customers' }],
  })
  expect(usageOf(diagnostics, [diagnostics])).toMatchObject({
    extensions: [{ ...health, owner: null }, sites],
    consumes: [{ ...need, provider: null }],
  })
})
