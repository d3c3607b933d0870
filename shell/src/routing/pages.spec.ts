import { compose, emptyComposition } from '../composition/composition.ts'
import { knownPages, pageAt, pageContext } from './pages.ts'

const page = (id: string, path: string) => ({ id, path, expose: id, titleKey: 'x.y', permission: 'x:see', order: 1 })
const pages = knownPages(
  compose(
    emptyComposition,
    {
      revision: 1,
      plugins: [],
      unavailable: [
        {
          id: 'customers',
          version: '1.0.0',
          titleKey: 'plugin.title',
          state: 'disabled',
          since: '',
          extensions: [],
          pages: [
            page('customer', '/customers/:region/:id'),
            page('search', '/customers'),
            page('import', '/customers/br/import'),
          ],
        },
      ],
    },
    () => false,
    'now',
  ),
  new Set(['x:see']),
)

describe('pages', () => {
  it.each([
    ['/customers', 'customers/search'],
    ['/customers/br/c_1', 'customers/customer'],
    ['/customers/br/import', 'customers/import'],
    ['/elsewhere', undefined],
  ])('the page of %s is %s', (path, name) => {
    expect(pageAt(pages, path)?.name).toBe(name)
  })

  it('are told what their path and query matched, frozen', () => {
    const customer = pageAt(pages, '/customers/br/c_1')
    const context = customer && pageContext(customer, '/customers/br/c_1', { tab: 'bills' })
    expect(context).toEqual({ params: { region: 'br', id: 'c_1' }, query: { tab: 'bills' }, path: '/customers/br/c_1' })
    expect(Object.isFrozen(context)).toBe(true)
  })
})
