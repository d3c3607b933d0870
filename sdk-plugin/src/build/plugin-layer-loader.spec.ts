import { createRequire } from 'node:module'

const layered = createRequire(import.meta.url)('./plugin-layer-loader.cjs') as (this: object, source: string) => string

/** As webpack calls it. */
const inLayer = (source: string) => layered.call({ getOptions: () => ({ id: 'demo' }), resourcePath: '/a.css' }, source)

describe('a plugin’s stylesheet', () => {
  it('is in the plugin’s layer as its author wrote it', () => {
    const source = '@layer a, b;\n.x { color: red } /* why */'
    expect(inLayer(source)).toBe(`@layer plugin.demo {\n${source}\n}`)
  })

  it.each([
    ["@import './tokens.css';", "@import './tokens.css' layer(plugin.demo);"],
    [
      '@import url("a b.css") screen and (width > 1px);',
      '@import url("a b.css") layer(plugin.demo) screen and (width > 1px);',
    ],
    ['@import url(x.css) layer(base);', '@import url(x.css) layer(plugin.demo.base);'],
    ["@import 'x.css' layer supports(gap: 1px);", "@import 'x.css' layer(plugin.demo) supports(gap: 1px);"],
  ])('takes what it imports along, before its own rules: %s', (written, expected) => {
    expect(inLayer(`@charset "utf-8";\n${written}\n.x { color: red }`)).toBe(
      `${expected}\n@layer plugin.demo {\n.x { color: red }\n}`,
    )
  })
})
