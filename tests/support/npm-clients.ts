import { spawn } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

const modules = path.resolve(import.meta.dirname, '../../node_modules')
const node = path.join(modules, '.bin/node')

/** Clients as their users run them; npm is the one that is installed. */
const commands = {
  npm: ['npm'],
  pnpm: [node, path.join(modules, 'pnpm/bin/pnpm.mjs')],
  yarn: [node, path.join(modules, 'yarn/bin/yarn.js')],
  berry: [node, path.join(modules, '@yarnpkg/cli-dist/bin/yarn.js')],
} as const satisfies Record<string, readonly string[]>

export type Client = keyof typeof commands

export interface Outcome {
  readonly status: number | null
  readonly out: string
  readonly err: string
}

/** A folder where clients work, with caches and settings of its own. */
export class Workshop {
  readonly #folder: string
  readonly #registry: string
  readonly #token: string

  private constructor(folder: string, registry: string, token: string) {
    this.#folder = folder
    this.#registry = registry
    this.#token = token
  }

  /** @param registry URL by which the clients reach it; yarn wants it to be of localhost */
  static async open(folder: string, registry: string, token: string): Promise<Workshop> {
    await mkdir(folder, { recursive: true })
    return new Workshop(folder, registry, token)
  }

  /** Makes a package or project and gives its folder. */
  async project(
    name: string,
    packageJson: object,
    files: Readonly<Record<string, string | Buffer>> = {},
  ): Promise<string> {
    const folder = path.join(this.#folder, name)
    await mkdir(folder, { recursive: true })
    const { host } = new URL(this.#registry)
    const all: Record<string, string | Buffer> = {
      'package.json': JSON.stringify(packageJson),
      '.npmrc': `registry=${this.#registry}/\n//${host}/:_authToken=${this.#token}\n`,
      '.yarnrc': `registry "${this.#registry}/"\n`,
      '.yarnrc.yml': [
        `npmRegistryServer: "${this.#registry}"`,
        'unsafeHttpWhitelist: ["localhost"]',
        'enableTelemetry: false',
        'nodeLinker: node-modules',
        'npmMinimalAgeGate: 0',
        `npmAuthToken: ${this.#token}`,
      ].join('\n'),
      'yarn.lock': '',
      'pnpm-workspace.yaml': 'minimumReleaseAge: 0\n',
      ...files,
    }
    for (const [file, content] of Object.entries(all)) await writeFile(path.join(folder, file), content)
    return folder
  }

  /** @param answers what to type at each question, in order @param preload module that is loaded into the client first */
  run(
    client: Client,
    cwd: string,
    args: readonly string[],
    answers: readonly string[] = [],
    preload?: string,
  ): Promise<Outcome> {
    const [command = '', ...first] = commands[client]
    const home = path.join(this.#folder, 'home')
    const child = spawn(command, [...first, ...args], {
      cwd,
      env: {
        PATH: process.env['PATH'],
        HOME: home,
        npm_config_cache: path.join(home, 'npm'),
        npm_config_update_notifier: 'false',
        npm_config_fund: 'false',
        npm_config_audit: 'false',
        npm_config_ignore_scripts: 'true',
        npm_config_logs_max: '0',
        NODE_COMPILE_CACHE: path.join(tmpdir(), 'node-compile-cache'),
        XDG_CACHE_HOME: home,
        XDG_DATA_HOME: home,
        YARN_CACHE_FOLDER: path.join(home, 'yarn'),
        YARN_GLOBAL_FOLDER: path.join(home, 'berry'),
        YARN_ENABLE_HARDENED_MODE: '0',
        CI: 'true',
        ...(preload === undefined ? {} : { NODE_OPTIONS: `--require=${preload}` }),
      },
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    const open = [...answers]
    if (open.length === 0) child.stdin.end()
    let [out, err] = ['', '']
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString()
      if (out.endsWith(': ') && open.length > 0) child.stdin.write(`${open.shift()}\n`)
    })
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()))
    return new Promise((resolve, reject) => {
      child.on('error', reject)
      child.on('close', (status) => resolve({ status, out, err }))
    })
  }
}
