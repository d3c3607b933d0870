// Runs the cases of @verdaccio/e2e-cli, a battery for npm registries, and prints their results as one JSON line.
// node run-e2e-cli.mjs REGISTRY TOKEN CLIENT=COMMAND[:CASE,CASE…]…
import { chdir } from 'node:process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { allTests, createNpmAdapter, createPnpmAdapter, createYarnModernAdapter, runSuite } from '@verdaccio/e2e-cli'

const adapters = { npm: createNpmAdapter, pnpm: createPnpmAdapter, yarn: createYarnModernAdapter }
const [registry, token, ...clients] = process.argv.slice(2)
chdir(mkdtempSync(join(tmpdir(), 'verdaccio-e2e-')))
const results = {}
for (const client of clients) {
  const [, name, command, cases] = /^(\w+)=([^:]+)(?::(.+))?$/.exec(client)
  const options = { timeout: 300_000, ...(cases ? { testFilter: cases.split(',') } : {}) }
  const { tests } = await runSuite(adapters[name](command), allTests, registry, token, options)
  for (const test of tests) results[`${name} ${test.name}`] = test
}
console.log(`\nresults ${JSON.stringify(results)}`)
