import { manifestSchema } from '@dcesop/sdk-plugin/manifest'
import { isInternalPath, pathMatcher, queryOf } from './match.ts'

describe('pathMatcher', () => {
  const customer = pathMatcher('/customers/:region/:id')

  it('gives the decoded parameters of its own paths only', () => {
    expect(customer('/customers/br/c_1')).toEqual({ region: 'br', id: 'c_1' })
    expect(customer('/customers/br/c_1/')).toEqual({ region: 'br', id: 'c_1' })
    expect(customer('/customers/mx/Jos%C3%A9%2F1')).toEqual({ region: 'mx', id: 'José/1' })
    expect(customer('/customers')).toBeUndefined()
    expect(customer('/customers/br/c_1/bills')).toBeUndefined()
  })

  it('takes a broken escape for a path that is not its own', () => {
    expect(customer('/customers/br/%E0%A4%A')).toBeUndefined()
  })
})

it('reads every path that a manifest may give a page: one that it cannot read would end all navigation', () => {
  const { pattern } = manifestSchema.properties.ui.properties.pages.items.properties.path
  const letters = ['/', ':', 'a', '1', '.', '-']
  let paths = ['']
  for (let length = 1; length <= 6; length += 1) {
    paths = paths.flatMap((path) => letters.map((letter) => path + letter))
    const taken = paths.filter((path) => new RegExp(pattern).test(path))
    expect(taken.length).toBeGreaterThan(0)
    for (const path of taken) expect(() => pathMatcher(path)).not.toThrow()
  }
})

it('queryOf decodes names and values', () => {
  expect(queryOf('?q=Jos%C3%A9+P&x=1&x=2')).toEqual({ q: 'José P', x: '2' })
})

it.each([
  ['/customers?q=1', true],
  ['//evil.example/', false],
  ['/\\evil.example/', false],
  ['https://evil.example/', false],
  ['javascript:alert(1)', false],
  ['customers', false],
])('isInternalPath(%s) is %s', (path, expected) => {
  expect(isInternalPath(path, 'https://console.example')).toBe(expected)
})
