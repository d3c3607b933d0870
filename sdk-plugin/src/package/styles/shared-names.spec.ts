import postcss from 'postcss'
import { sharedNames } from './shared-names.ts'

it.each([
  ['@layer plugin{@keyframes dc-turn{from{opacity:0}}}', ['@keyframes dc-turn']],
  ['@-webkit-keyframes spin{from{opacity:0}}', ['@-webkit-keyframes spin']],
  ['@keyframes spin-7ba5bd90{from{opacity:0}}', []],
  ['@keyframes demo-spin{from{opacity:0}}', []],
  ['@keyframes demonstration{from{opacity:0}}', ['@keyframes demonstration']],
  ['@font-face{font-family:"Inter";src:url(x.woff2)}', ['@font-face Inter']],
  ['@font-face{src:url(x.woff2);FONT-FAMILY:demo-sans}', []],
  ['@property --dc-space-4{syntax:"*";inherits:true}', ['@property --dc-space-4']],
  ['@property --demo-turn{syntax:"*";inherits:true}', []],
  ['@counter-style decimal{symbols:"x"}', ['@counter-style decimal']],
  ['@page{margin:0}@import "https://fonts.example/x.css";', ['@page', '@import']],
  ['@i\\6dport "https://fonts.example/x.css";', ['@i\\6dport "https://fonts.example/x.css"']],
  ['@media print{.a[data-v-1]{color:red}}@container demo (width>1px){.a[data-v-1]{color:red}}', []],
])('finds in %s: %j', (css, expected) => {
  expect(sharedNames(postcss.parse(css), 'demo')).toEqual(expected)
})
