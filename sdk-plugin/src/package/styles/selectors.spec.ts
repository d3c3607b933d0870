import postcss from 'postcss'
import { globalSelectors } from './selectors.ts'

describe('globalSelectors', () => {
  it.each([
    ['@layer plugin{.a[data-v-1]{color:red}.b[data-v-1]:hover{color:red}}', []],
    ['@layer plugin{.a{color:red}}', ['.a']],
    ['body,.x[data-v-1]{margin:0}', ['body']],
    ['[data-plugin="demo"] .a{color:red}', []],
    ['.p-demo .a{color:red}', []],
    ['.p-demo-more .a, .p-other{color:red}', ['.p-demo-more .a', '.p-other']],
    ['.a:not(.p-demo){color:red}', ['.a:not(.p-demo)']],
    ['.a[data-v-1]{&:hover{color:red} .b{color:red}}', []],
    ['@keyframes spin{from{opacity:0}to{opacity:1}}', []],
    ['@media (min-width:1px){p{margin:0}}', ['p']],
    ['.a[data-v-1]{@media (min-width:1px){color:red; .b{margin:0}}}', []],
    ['[data-plugin="customers"] .a{color:red}', ['[data-plugin="customers"] .a']],
    ['[data-plugin^="demo"] .a{color:red}', ['[data-plugin^="demo"] .a']],
    ['[data-plugin] .a{color:red}', ['[data-plugin] .a']],
    ['.a:not([data-v-1]){color:red}', ['.a:not([data-v-1])']],
    ['html:has([data-v-1]){color:red}', ['html:has([data-v-1])']],
    [
      '.a[data-v-1]{html:has(&){color:red} body:not(&) p{color:red} .b:not(p){color:red} p:hover &{color:red}}',
      ['html:has(&)', 'body:not(&) p'],
    ],
    ['&{color:red}', ['&']],
    ['@layer plugin{--x:{} body{color:red}}', ['--x:{} body{color:red}']],
    ['.a[data-v-1]{--x:{a:b}}', []],
    ['@KEYFRAMES spin{from{opacity:0}}', []],
    ['.a:hover[data-v-1]::before,.b[data-v-1]:is(p,q){color:red}', []],
  ])('finds in %s: %j', (css, expected) => {
    expect(globalSelectors(postcss.parse(css), 'demo')).toEqual(expected)
  })
})
