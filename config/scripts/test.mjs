// `npm test`: installs what the tests need, then every check and every suite; one closing line over all of them.
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { ensureBrowser } from './lib/browser.mjs'
import { buildJobs, buildSdkPackage } from './lib/build.mjs'
import { ensureInstalled } from './lib/install.mjs'
import { bin, node } from './lib/paths.mjs'
import { inParallel } from './lib/parallel.mjs'
import { run, runQuietly } from './lib/run.mjs'

const results = 'test-results'
const total = { passed: 0, failed: 0, skipped: 0 }

await ensureInstalled()
rmSync(results, { recursive: true, force: true })
mkdirSync(results, { recursive: true })

// Where there is none it is fetched, and that is a wait.
const browser = ensureBrowser()
browser.catch(() => undefined)
// Together: the types take as long as all other checks twice, and one processor would be idle meanwhile. The longest first.
const [types, ...others] = checks()
await timed('checks and build', () => inParallel([types, buildSdkPackage, ...buildJobs(), ...others]))
await timed('jest', jest)
await timed('playwright', playwright)

console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`)
process.exitCode = total.failed > 0 ? 1 : 0

function checks() {
  const names = ['types', 'lint', 'format', 'walls', 'licences', 'secrets']
  return names.map((name) => async () => {
    const start = performance.now()
    const { status, output } = await runQuietly('npm', ['run', '--silent', `check:${name}`])
    console.log(`${output}── check ${name}: ${secondsSince(start)} s`)
    count(status)
  })
}

async function jest() {
  const file = `${results}/jest.json`
  // A process that a spec left behind has its output still open, and would hold up the run for good.
  // Threads that collect garbage side by side take an eighth more of processors that are all busy, and room for what is new that has
  // its full size at once needs half of the collections; workers get the options from here.
  const flags = ['--single-threaded-gc', '--min-semi-space-size=16']
  const command = [...flags, bin('jest'), '--silent=passed-only', '--forceExit', '--json']
  const status = await run(node, [...command, `--outputFile=${file}`])
  const report = readReport(file)
  if (!report) return count(status || 1)
  // A suite that did not even load has no tests to count, but it failed.
  add(report.numPassedTests, report.numFailedTests + report.numRuntimeErrorTestSuites, report.numPendingTests)
}

async function playwright() {
  const browserPath = await browser
  const file = `${results}/playwright.json`
  const status = await run(node, [bin('playwright'), 'test', '-c', 'tests/playwright.config.ts'], {
    env: { PLAYWRIGHT_JSON_OUTPUT_FILE: file, ...(browserPath && { CHROMIUM_PATH: browserPath }) },
  })
  const stats = readReport(file)?.stats
  if (!stats) return count(status || 1)
  // A spec that failed once failed, whatever a later try said.
  add(stats.expected, stats.unexpected + stats.flaky, stats.skipped)
  if (status !== 0 && stats.unexpected === 0) count(status)
}

async function timed(name, work) {
  const start = performance.now()
  console.log(`\n── ${name}`)
  await work()
  console.log(`── ${name}: ${secondsSince(start)} s`)
}

function secondsSince(start) {
  return ((performance.now() - start) / 1000).toFixed(1)
}

function count(status) {
  add(status === 0 ? 1 : 0, status === 0 ? 0 : 1, 0)
}

function add(passed, failed, skipped) {
  total.passed += passed
  total.failed += failed
  total.skipped += skipped
}

function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    console.error(`no report in ${file}: ${error.message}`)
    return undefined
  }
}
