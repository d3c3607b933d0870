import { fixtureManifest } from '../testing/fixture-plugin.ts'
import { isolationOf } from './isolation.ts'

const asks = (isolation: 'inline' | 'process') =>
  fixtureManifest({ manifest: { backend: { entry: 'dist/server.cjs', isolation, routes: [] } } })

describe('where a plugin runs', () => {
  it('is raised by the operator, for all or for one, and never lowered', () => {
    const everybody = { default: 'process', byPlugin: {} } as const
    const onlyDemo = { default: 'inline', byPlugin: { demo: 'process' } } as const
    const notDemo = { default: 'process', byPlugin: { demo: 'inline' } } as const
    expect([everybody, onlyDemo, notDemo].map((policy) => isolationOf(asks('inline'), policy))).toEqual([
      'process',
      'process',
      'inline',
    ])
    expect([everybody, onlyDemo, notDemo].map((policy) => isolationOf(asks('process'), policy))).toEqual([
      'process',
      'process',
      'process',
    ])
  })
})
