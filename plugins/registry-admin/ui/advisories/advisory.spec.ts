import type { Advisory } from '../api/registry-answers.ts'
import { gravestFirst, pageOf, rangeText } from './advisory.ts'

const advisory = (plugin: string, severity: string) => ({ plugin, severity }) as Advisory

it('puts first what is gravest, or of a severity that nobody knows', () => {
  const all = [advisory('b', 'low'), advisory('c', 'critical'), advisory('a', 'critical'), advisory('d', 'odd')]
  expect(gravestFirst(all).map(({ plugin }) => plugin)).toEqual(['d', 'a', 'c', 'b'])
})

it('links to pages of the web only', () => {
  expect(pageOf({ url: 'https://example.com/GHSA-1' })).toBe('https://example.com/GHSA-1')
  for (const url of ['javascript:alert(1)', 'data:text/html,x', '/relative']) expect(pageOf({ url })).toBeUndefined()
  expect(pageOf({})).toBeUndefined()
})

it('leaves out the bound that says nothing', () => {
  expect(rangeText('>=0.0.0-0 <1.1.0 || >=2.0.0 <2.1.0')).toBe('<1.1.0 || >=2.0.0 <2.1.0')
  expect(rangeText('>=0.0.0-0')).toBe('>=0.0.0-0')
})
