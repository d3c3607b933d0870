#!/usr/bin/env node
import { enableCompileCache } from 'node:module'

const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 22 || (major === 22 && minor < 18)) {
  console.error(`dcesop needs Node 22.18 or later; this is ${process.version}.`)
  process.exit(2)
}
// webpack takes longer to compile than a plugin.
enableCompileCache()
const { main } = await import('../src/cli/main.ts')

process.exitCode = await main(process.argv.slice(2))
