import { globalSelectors } from './selectors.ts'

describe('globalSelectors', () => {
  it.each([
    ['@layer plugin{.a[data-v-1]{color:red}.b[data-v-1]:hover{color:red}}', []],
    ['@layer plugin{.a{color:red}}', ['.a']],
    ['body,.x[data-v-1]{margin:0}', ['body']],
    ['[data-plugin="demo"] .a{color:red}', []],
    ['.a[data-v-1]{&:hover{color:red} .b{color:red}}', []],
    ['@keyframes spin{from{opacity:0}to{opacity:1}}', []],
    ['@media (min-width:1px){p{margin:0}}', ['p']],
  ])('finds in %s: %j', (css, expected) => {
    expect(globalSelectors(css)).toEqual(expected)
  })
})
