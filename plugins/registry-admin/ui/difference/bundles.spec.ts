import en from '../../locales/en.json'
import es from '../../locales/es.json'
import pt from '../../locales/pt-BR.json'
import { bundled, bundledKinds } from './bundles.ts'
import type { Difference } from './difference.ts'

const some = (count: number, text: string, weight: Difference['weight'] = 'note'): Difference[] =>
  Array.from({ length: count }, (_, at) => ({ weight, text, values: { what: String(at) } }))

it('puts much of a kind together, and leaves alone what is little, went, or matters more', () => {
  const single = [...some(3, 'page.added'), ...some(9, 'route.removed'), ...some(9, 'browser.added', 'risk')]
  const { bundles, single: left } = bundled([...single, ...some(4, 'route.added')])
  expect(bundles.map(({ kind, items }) => `${kind} ${items.length}`)).toEqual(['route 4'])
  expect(left).toEqual(single)
})

it('has words for each kind in each language', () => {
  for (const catalogue of [en, es, pt])
    for (const kind of bundledKinds) expect(Object.keys(catalogue)).toContain(`difference.many.${kind}`)
})
