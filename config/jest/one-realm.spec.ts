import { execFileSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'

const runner = join(dirname(createRequire(__filename).resolve('jest-circus/package.json')), 'build/jestAdapterInit.js')

it('leaves nothing of the runner to the next spec, and all that is not its own', () => {
  // A realm of its own: this one has this spec's runner in it.
  const output = execFileSync(process.execPath, [
    ...['--input-type=module', '--eval'],
    `const { default: OneRealm } = await import('${pathToFileURL(join(__dirname, 'one-realm.mjs'))}')
    const own = () => Object.getOwnPropertySymbols(globalThis).map(String)
    globalThis[Symbol.for('of a package')] = true
    const before = own()
    await import('${pathToFileURL(runner)}')
    const during = own()
    await new OneRealm({ projectConfig: {} }).teardown()
    console.log(JSON.stringify([before, during, own()]))`,
  ])
  const [before, during, after] = JSON.parse(output.toString()) as [string[], string[], string[]]
  expect(during).toEqual(expect.arrayContaining(['Symbol(EVENT_HANDLERS)', 'Symbol(JEST_STATE_SYMBOL)']))
  const shared = ['Symbol($$jest-matchers-object)', 'Symbol(graceful-fs.queue)', 'Symbol(signal-exit emitter)']
  expect(after.filter((name) => !shared.includes(name))).toEqual(before.filter((name) => !shared.includes(name)))
})
