import type { Log } from '@dcesop/sdk-plugin'
import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import type { Launcher } from './launcher/launcher.ts'
import type { ProcessLimits } from './limits.ts'
import { ReasonedError } from '../journal/reasons.ts'
import { makePrivateFolder } from './private-folder.ts'

/** A command that runs Node, with what keeps it in. */
export interface Confined {
  readonly command: string
  readonly args: readonly string[]
}

type Wrap = (limits: ProcessLimits, folder: string) => readonly string[]

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

const rlimits: Wrap = ({ dataMb, openFiles }) => [
  'prlimit',
  `--nofile=${openFiles}:${openFiles}`,
  `--data=${dataMb * 1024 * 1024}`,
  '--core=0:0',
]
/** Ends with the host, however the host ends, also when its own code never looks. */
const withParent = ['setpriv', '--pdeathsig', 'SIGKILL']
const isRoot = process.getuid?.() === 0
const powerless = ['setpriv', '--no-new-privs', '--inh-caps=-all', '--bounding-set=-all']

const namespaces = [
  'unshare',
  ...(isRoot ? [] : ['--user', '--map-root-user']),
  '--pid',
  '--net',
  '--ipc',
  '--fork',
  '--kill-child=SIGKILL',
]

/** System libraries, the program and its socket's folder: no other file, no network, no other process is there. */
const bubblewrap = (folder: string) => [
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
]

const candidates: readonly { readonly name: Sandbox['name']; readonly wrap: Wrap }[] = [
  { name: 'bubblewrap', wrap: (limits, folder) => [...rlimits(limits, folder), ...withParent, ...bubblewrap(folder)] },
  {
    name: 'namespaces',
    wrap: (limits, folder) => [...rlimits(limits, folder), ...withParent, ...namespaces, ...powerless],
  },
  {
    name: 'limits',
    wrap: (limits, folder) => [
      ...rlimits(limits, folder),
      ...withParent,
      '--no-new-privs',
      ...(isRoot ? powerless.slice(2) : []),
    ],
  },
  { name: 'none', wrap: () => [] },
]

/** Node's own refusals: no child processes, threads, addons, or files beside the program. */
const seatBelt = ['--permission', ...code.map((path) => `--allow-fs-read=${path}`)]

function sandboxOf({ name, wrap }: (typeof candidates)[number]): Sandbox {
  return {
    name,
    confine(limits, folder, args) {
      const [command, ...rest] = [
        ...wrap(limits, folder),
        process.execPath,
        ...seatBelt,
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
      const sandbox = sandboxOf(candidate)
      const { command, args } = sandbox.confine(limits, folder, ['--version'])
      const works = candidate.name === 'none' || (await succeeds(launcher, command, args))
      if (!works) continue
      report(log, sandbox.name)
      return sandbox
    }
    throw new Error('No way to run a process was found.')
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
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
