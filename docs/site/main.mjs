// `npm run docs`: makes the documentation site in dist/docs; the host serves it at /docs/, any web server can.
import path from 'node:path'
import { buildSite } from './build.mjs'
import { root } from './pages.mjs'

console.log(`${buildSite(path.join(root, 'dist/docs'))} pages in dist/docs`)
