import { customer360ContextSchema } from '@dcesop/sdk-plugin/contracts'
import manifest from '../../dcesop.plugin.json' with { type: 'json' }

it('the points of the customer’s page publish the contract that extensions are written against', () => {
  const published = manifest.ui.points.map(({ id, contextSchema }) => [id, contextSchema])
  expect(published).toEqual([
    ['customer360.banner/v1', customer360ContextSchema],
    ['customer360.panel/v1', customer360ContextSchema],
  ])
})
