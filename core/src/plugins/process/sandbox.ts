import type { Log } from '@dcesop/sdk-plugin'
import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { randomUUID } from 'node:crypto'
import type { Launcher } from './launcher/launcher.ts'
import type { ProcessLimits } from './limits.ts'
import { ReasonedError } from '../journal/reasons.ts'
import { makePrivateFolder } from './private-folder.ts'

/** A command that runs Node, with what keeps it in. */
export interface Confined {
  readonly command: string
  readonly args: readonly string[]
}

interface Place {
  readonly limits: ProcessLimits
  readonly folder: string
  /** Where compiled code of the program is found, read-only: a start costs half as much with it. */
  readonly cache: string | undefined
}

type Wrap = (place: Place) => readonly string[]

export interface Sandbox {
  readonly name: 'bubblewrap' | 'namespaces' | 'limits' | 'none'
  /** @param folder where the process makes its socket; the only one it may write @param args of Node */
  confine(limits: ProcessLimits, folder: string, args: readonly string[]): Confined
}

const root = resolve(import.meta.dirname, '../../../..')
/** What the program itself is made of; nothing else of the disk may be read by JavaScript. */
const code = ['core/src', 'core/package.json', 'core/node_modules', 'sdk-plugin', 'node_modules', 'package.json']
  .map((path) => join(root, path))
  .filter((path) => existsSync(path))

const rlimits: Wrap = ({ limits: { dataMb, openFiles } }) => [
  'prlimit',
  `--nofile=${openFiles}:${openFiles}`,
  `--data=${dataMb * 1024 * 1024}`,
  '--core=0:0',
]
/** Ends with the host, however the host ends, also when its own code never looks. */
const withParent = ['setpriv', '--pdeathsig', 'SIGKILL']
const isRoot = process.getuid?.() === 0
const powerless = ['setpriv', '--no-new-privs', '--inh-caps=-all', '--bounding-set=-all']

const namespaces: Wrap = ({ cache }) => [
  'unshare',
  ...(isRoot ? [] : ['--user', '--map-root-user']),
  ...(cache ? ['--mount'] : []),
  '--pid',
  '--net',
  '--ipc',
  '--fork',
  '--kill-child=SIGKILL',
  ...(cache ? ['sh', '-c', readOnly, cache] : []),
]
const readOnly = 'mount -o bind,ro "$0" "$0" && export NODE_COMPILE_CACHE="$0" && exec "$@"'

/** System libraries, the program and its socket's folder: no other file, no network, no other process is there. */
const bubblewrap: Wrap = ({ folder, cache }) => [
  'bwrap',
  '--unshare-all',
  '--die-with-parent',
  '--new-session',
  '--clearenv',
  ...['--cap-drop', 'ALL'],
  ...['/usr', '/lib', '/lib64', '/bin'].flatMap((path) => ['--ro-bind-try', path, path]),
  ...['--ro-bind-try', '/etc/ld.so.cache', '/etc/ld.so.cache'],
  ...['--proc', '/proc', '--dev', '/dev', '--tmpfs', '/tmp'],
  ...[dirname(process.execPath), ...code].flatMap((path) => ['--ro-bind', path, path]),
  ...['--bind', folder, folder],
  ...(cache ? ['--ro-bind', cache, cache, '--setenv', 'NODE_COMPILE_CACHE', cache] : []),
]

interface Candidate {
  readonly name: Sandbox['name']
  readonly wrap: Wrap
  /** Keeps what it lends from being written by walls of the kernel. */
  readonly lends?: true
}

const candidates: readonly Candidate[] = [
  { name: 'bubblewrap', lends: true, wrap: (place) => [...rlimits(place), ...withParent, ...bubblewrap(place)] },
  {
    name: 'namespaces',
    lends: true,
    wrap: (place) => [...rlimits(place), ...withParent, ...namespaces(place), ...powerless],
  },
  {
    name: 'limits',
    wrap: (place) => [...rlimits(place), ...withParent, '--no-new-privs', ...(isRoot ? powerless.slice(2) : [])],
  },
  { name: 'none', wrap: () => [] },
]

/** Node's own refusals: no child processes, threads, addons, or files beside the program. */
const seatBelt = ['--permission', ...code.map((path) => `--allow-fs-read=${path}`)]

/** Node takes compiled code only from where it may write: it may, and the kernel refuses. */
const allowCache = (cache: string) => ['read', 'write'].map((what) => `--allow-fs-${what}=${cache}`)

function sandboxOf({ name, wrap }: Candidate, cache: string | undefined): Sandbox {
  return {
    name,
    confine(limits, folder, args) {
      const [command, ...rest] = [
        ...wrap({ limits, folder, cache }),
        process.execPath,
        ...seatBelt,
        ...(cache ? allowCache(cache) : []),
        `--max-old-space-size=${limits.heapMb}`,
        // One helper of V8: with as many as there are processors, a heap that overflows keeps all of them busy.
        '--v8-pool-size=1',
        ...args,
      ] as [string, ...string[]]
      return { command, args: rest }
    },
  }
}

/** The strongest walls that work on this machine, found by trying; what is missing is said in the log. */
export async function findSandbox(launcher: Launcher, log: Log): Promise<Sandbox> {
  const limits = { heapMb: 64, residentMb: 256, dataMb: 1024, openFiles: 128 }
  const folder = await makePrivateFolder()
  try {
    for (const candidate of candidates) {
      const inside = (cache: string | undefined, args: readonly string[]) => {
        const confined = sandboxOf(candidate, cache).confine(limits, folder, args)
        return succeeds(launcher, confined.command, confined.args)
      }
      if (candidate.name !== 'none' && !(await inside(undefined, ['--version']))) continue
      report(log, candidate.name)
      const cache = candidate.lends && compiledCode()
      const lent = cache && (await inside(cache, ['--eval', refusesWriting, join(cache, `${randomUUID()}.trial`)]))
      return sandboxOf(candidate, lent ? cache : undefined)
    }
    throw new Error('No way to run a process was found.')
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Succeeds where the kernel lets nobody write the file that it is given. */
const refusesWriting = `
  process.exitCode = 1
  try {
    fs.writeFileSync(process.argv[1], '')
    fs.rmSync(process.argv[1])
  } catch ({ code }) {
    if (code === 'EROFS') process.exitCode = 0
  }`

function compiledCode(): string | undefined {
  const folder = process.env['NODE_COMPILE_CACHE']
  return folder !== undefined && existsSync(folder) ? resolve(folder) : undefined
}

function report(log: Log, name: Sandbox['name']): void {
  const fields = { sandbox: name }
  if (name === 'bubblewrap') log.info(fields, 'plugin processes run in bubblewrap')
  else if (name === 'namespaces')
    log.warn(fields, 'plugin processes see the disk as the host does: bubblewrap is not there or does not work')
  else if (name === 'limits')
    log.warn(fields, 'plugin processes reach network and disk: neither bubblewrap nor namespaces of unshare work here')
  else log.warn(fields, 'plugin processes have no walls but their own memory limit: this is no Linux with util-linux')
}

async function succeeds(launcher: Launcher, command: string, args: readonly string[]): Promise<boolean> {
  try {
    const { channel, exited } = await launcher.launch(command, args, () => undefined)
    channel.destroy()
    return (await exited) === '0'
  } catch (error) {
    if (error instanceof ReasonedError) return false
    throw error
  }
}
