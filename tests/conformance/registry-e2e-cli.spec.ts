import { spawn } from 'node:child_process'
import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type RegistryProcess, startRegistryProcess } from '../support/registry.ts'

const modules = path.resolve(import.meta.dirname, '../../node_modules')
const node = path.join(modules, '.bin/node')

interface CaseResult {
  readonly passed: boolean
  readonly error?: string
  readonly subTests?: readonly { readonly label: string; readonly passed: boolean }[]
}

/** Every case of the battery, each by one client, with few starts; DCESOP_E2E_CLI=all runs each with each, to the letter. */
const cases: Readonly<Record<string, string>> = {
  npm: [
    ...[
      'publish',
      'install',
      'ci',
      'audit',
      'info',
      'deprecate',
      'dist-tags',
      'package-names',
      'ping',
      'search',
      'unpublish',
    ],
    ...['scenario:tarballs', 'scenario:metadata', 'scenario:search', 'scenario:install-multiple-deps'],
  ].join(),
  pnpm: 'scenario:minimum-release-age',
  yarn: 'ci',
}

/** Cases that ask for what this registry must not do; each has to fail in just this way. */
const unpublishes = /403[^]*A published version is never removed\. Yank it instead/
const inapplicable: Readonly<Record<string, RegExp>> = {
  // A version that runs somewhere stays: docs/registry.md.
  'npm unpublish': unpublishes,
  // Its last step unpublishes; what comes before it passes.
  'npm scenario:metadata': unpublishes,
  'pnpm unpublish': /A published version is never removed/,
  // The battery fetches plugins for these three that nobody published.
  'yarn deprecate': /yarn-plugin-npm-deprecate/,
  'yarn login': /yarn-plugin-npm-login/,
  'yarn ping': /yarn-plugin-npm-ping/,
}
// Not run at all: scenario:uplink-failure and scenario:reserved-names need a registry that asks another one, which is what lets a
// public package take the place of a partner's; this one never does.

describe('@verdaccio/e2e-cli', () => {
  let registry: RegistryProcess
  let results: Record<string, CaseResult>
  beforeAll(async () => {
    registry = await startRegistryProcess()
    const bin = path.join(registry.dir, 'bin')
    const commands = {
      npm: 'npm',
      pnpm: await wrapper(bin, 'pnpm', 'pnpm/bin/pnpm.mjs'),
      yarn: await wrapper(bin, 'yarn', '@yarnpkg/cli-dist/bin/yarn.js'),
    }
    const all = process.env['DCESOP_E2E_CLI'] === 'all'
    const clients = Object.entries(commands).map(
      ([name, command]) => `${name}=${command}${all ? '' : `:${cases[name]}`}`,
    )
    results = await run(registry, await registry.token('e2e'), clients)
  }, 1_200_000)
  afterAll(() => registry?.dispose())

  it('passes every case that applies, and fails the others only for what they ask', () => {
    expect(Object.keys(results).length).toBeGreaterThan(15)
    const failed = Object.entries(results).filter(([, { passed }]) => !passed)
    const unexpected = failed.filter(([name, { error }]) => !inapplicable[name]?.test(error ?? ''))
    expect(unexpected).toEqual([])
    const passedAfterAll = Object.keys(inapplicable).filter((name) => results[name]?.passed)
    expect(passedAfterAll).toEqual([])
  })

  it('passes all of scenario:metadata before it unpublishes', () => {
    const steps = results['npm scenario:metadata']?.subTests ?? []
    expect(steps.map(({ passed }) => passed)).toEqual([...Array.from({ length: steps.length - 1 }, () => true), false])
    expect(steps.length).toBeGreaterThan(8)
  })
})

async function wrapper(folder: string, name: string, script: string): Promise<string> {
  const file = path.join(folder, name)
  await mkdir(folder, { recursive: true })
  await writeFile(file, `#!/bin/sh\nexec "${node}" "${path.join(modules, script)}" "$@"\n`)
  await chmod(file, 0o755)
  return file
}

function run({ port, dir }: RegistryProcess, token: string, clients: string[]): Promise<Record<string, CaseResult>> {
  const script = path.resolve(import.meta.dirname, '../support/run-e2e-cli.mjs')
  const home = path.join(dir, 'home')
  const child = spawn(node, [script, `http://localhost:${port}`, token, ...clients], {
    env: {
      PATH: process.env['PATH'],
      HOME: home,
      TMPDIR: dir,
      XDG_CACHE_HOME: home,
      XDG_DATA_HOME: home,
      npm_config_update_notifier: 'false',
      NODE_COMPILE_CACHE: path.join(tmpdir(), 'node-compile-cache'),
      npm_config_logs_max: '0',
      // Also what was repaired in other registries only lately.
      E2E_PENDING_CONTRACT_CHECKS: 'all',
      // The battery says so itself, but not to a Yarn that takes longer than 5 s to tell its version.
      YARN_ENABLE_HARDENED_MODE: '0',
      YARN_NPM_MINIMAL_AGE_GATE: '0',
      // Packages end at 16 MiB here.
      E2E_LARGE_TARBALL_MB: '10',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let out = ''
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()))
  return new Promise((resolve, reject) =>
    child.on('close', () => {
      const found = /^results (.+)$/m.exec(out)?.[1]
      if (found) resolve(JSON.parse(found) as Record<string, CaseResult>)
      else reject(new Error(out.slice(-5000)))
    }),
  )
}
