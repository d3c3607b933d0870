// Runs the cases of @verdaccio/e2e-cli, a battery for npm registries, and prints their results as one JSON line.
// node run-e2e-cli.mjs REGISTRY TOKEN CLIENT=COMMAND[:CASE,CASE…]…
import { chdir } from 'node:process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { allTests, createNpmAdapter, createPnpmAdapter, createYarnModernAdapter, runSuite } from '@verdaccio/e2e-cli'
import pLimit from 'p-limit'
import { withFewerStarts } from './fewer-client-starts.ts'

const adapters = { npm: createNpmAdapter, pnpm: createPnpmAdapter, yarn: createYarnModernAdapter }
const [registry, token, ...clients] = process.argv.slice(2)
chdir(mkdtempSync(join(tmpdir(), 'verdaccio-e2e-')))
const results = {}
const twoAtOnce = pLimit(2)
await Promise.all(
  clients.flatMap((client) => {
    const [, name, command, chosen] = /^(\w+)=([^:]+)(?::(.+))?$/.exec(client)
    const stock = adapters[name](command)
    return allTests
      .filter((test) => !chosen || chosen.split(',').includes(test.name))
      .map((test) =>
        twoAtOnce(async () => {
          // Without a choice every case runs to the letter.
          const adapter = chosen ? withFewerStarts(stock, test.name, registry, token) : stock
          const { tests } = await runSuite(adapter, [test], registry, token, { timeout: 300_000 })
          for (const result of tests) results[`${name} ${result.name}`] = result
        }),
      )
  }),
)
console.log(`\nresults ${JSON.stringify(results)}`)
