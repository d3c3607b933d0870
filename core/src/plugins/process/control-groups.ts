import type { Log } from '@dcesop/sdk-plugin'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rmdir, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { mostProcesses, mostProcessors } from './limits.ts'

/** A group of the kernel's (cgroups(7)) that one plugin's process and all below it are in. */
export interface ControlGroup {
  /** Runs the command that follows it inside of the group; empty where there are no groups. */
  readonly join: readonly string[]
  /**
   * What its processes have of a processor that others want too: as much as another, a tenth of that, or only what nobody else wants
   * (where the kernel knows that, Linux 5.15), which is what they have at first.
   */
  share(share: Share): Promise<void>
  /** Once its processes have ended. */
  remove(): Promise<void>
}

export type Share = 'equal' | 'tenth' | 'rest'

export interface ControlGroups {
  readonly kind: 'cgroup2' | 'cgroup1' | 'none'
  /** @param name of letters, digits and dashes, unlike that of any other group of this host */
  open(name: string): Promise<ControlGroup>
}

/** One tree of groups: version 2 has a single one, version 1 has one for each controller. */
interface Tree {
  readonly parent: string
  /** Files with the values that hold from the beginning. */
  readonly limits: Files
  /** The same, where the kernel knows them and the group above has as much. */
  readonly most: Files
  /** Files with the values of a share, in the order in which the kernel takes them. */
  readonly shares: Readonly<Record<Share, Files>>
}

type Files = Readonly<Record<string, string>>

/** Of the host, and of a plugin. */
const weights = { equal: 100, tenth: 10 } as const
/** Threads count: Node has about a dozen, and a wrapper one. */
const mostTasks = mostProcesses * 16
/** In which the kernel counts what a group has had of the processors. */
const periodUs = 100_000
const prefix = 'dcesop-plugin-'
/** Name of the host's group where it shares a subtree with its plugins. */
const leaf = 'host'
/** Linux since 5.15. */
const idle = 'cpu.idle'
const noShares = { equal: {}, tenth: {}, rest: {} }
const removalTries = 40
const removalWaitMs = 50

const none: ControlGroups = {
  kind: 'none',
  open: () => Promise.resolve({ join: [], share: () => Promise.resolve(), remove: () => Promise.resolve() }),
}

/**
 * The groups that this process may make, found by making one; what is missing is said in the log.
 * Version 2 wants the host in a leaf of a subtree that is its own (systemd: `Delegate=cpu pids`, `DelegateSubgroup=host`).
 */
export async function findControlGroups(log: Log, mounted = '/sys/fs/cgroup'): Promise<ControlGroups> {
  for (const { kind, trees } of await candidates(mounted)) {
    const groups: ControlGroups = { kind, open: (name) => open(trees, `${prefix}${process.pid}-${name}`) }
    try {
      const trial = await groups.open('trial')
      await trial.share('tenth').finally(() => trial.remove())
    } catch (error) {
      log.debug({ err: error, kind }, 'control groups cannot be made here')
      continue
    }
    await sweep(trees)
    log.info({ controlGroups: kind }, 'plugin processes leave the processor to the host when it is scarce')
    return groups
  }
  log.warn(
    { controlGroups: 'none' },
    'a plugin that computes without end takes its share of the processor until it is ended: this process may not make control groups',
  )
  return none
}

async function candidates(mounted: string): Promise<{ kind: 'cgroup2' | 'cgroup1'; trees: Tree[] }[]> {
  const own = await ownGroups()
  const second = join(mounted, own.get('') ?? '/')
  const first = (controller: string) => join(mounted, controller, own.get(controller) ?? '/')
  return [
    {
      kind: 'cgroup2',
      trees: [
        {
          // Beside the host's own leaf; any other group above belongs to somebody else.
          parent: basename(second) === leaf ? dirname(second) : second,
          limits: { 'pids.max': `${mostTasks}` },
          most: { 'cpu.max': `${mostProcessors * periodUs} ${periodUs}` },
          shares: sharesOf('cpu.weight', (weight) => weight),
        },
      ],
    },
    {
      kind: 'cgroup1',
      trees: [
        {
          parent: first('cpu'),
          limits: {},
          most: { 'cpu.cfs_period_us': `${periodUs}`, 'cpu.cfs_quota_us': `${mostProcessors * periodUs}` },
          shares: sharesOf('cpu.shares', (weight) => Math.round((weight / 100) * 1024)),
        },
        { parent: first('pids'), limits: { 'pids.max': `${mostTasks}` }, most: {}, shares: noShares },
      ],
    },
  ]
}

/** A group that is idle no longer has the default weight, and an idle one takes none. */
function sharesOf(file: string, value: (weight: number) => number): Tree['shares'] {
  const share = (weight: number): Files => ({ [idle]: '0', [file]: `${value(weight)}` })
  return { equal: share(weights.equal), tenth: share(weights.tenth), rest: { [idle]: '1' } }
}

/** By controller as in proc(5); that of version 2 has the empty name. */
async function ownGroups(): Promise<Map<string, string>> {
  if (!existsSync('/proc/self/cgroup')) return new Map()
  const lines = (await readFile('/proc/self/cgroup', 'utf8')).trim().split('\n')
  return new Map(
    lines.flatMap((line) => {
      const [, controllers = '', path = '/'] = /^\d+:([^:]*):(.*)$/.exec(line) ?? []
      return controllers.split(',').map((controller): [string, string] => [controller, path])
    }),
  )
}

/** @throws Error of the file system when one of the trees does not allow it; nothing is left then */
async function open(trees: readonly Tree[], name: string): Promise<ControlGroup> {
  const folders: string[] = []
  const set = async (filesOf: (tree: Tree) => Files) => {
    await Promise.all(folders.map((folder, index) => write(folder, filesOf(trees[index] as Tree))))
  }
  let done: Promise<void> = Promise.resolve()
  // One after the other: what was asked last holds.
  const share = (wanted: Share) => (done = done.catch(() => undefined).then(() => set(({ shares }) => shares[wanted])))
  const remove = async () => {
    await Promise.all(folders.map(removeGroup))
  }
  try {
    for (const { parent } of trees) {
      await enable(parent)
      const folder = join(parent, name)
      await mkdir(folder)
      folders.push(folder)
    }
    await set(({ limits, shares }) => ({ ...limits, ...shares.rest }))
    await Promise.all(folders.map((folder, index) => writeWhatHolds(folder, (trees[index] as Tree).most)))
  } catch (error) {
    await remove()
    throw error
  }
  const enter = folders.map((folder) => `echo $$ > '${join(folder, 'cgroup.procs')}'`).join(' && ')
  return { join: ['sh', '-c', `${enter} && exec "$@"`, 'sh'], share, remove }
}

/** @throws Error ENOENT for a file whose controller is not on */
async function write(folder: string, files: Files): Promise<void> {
  for (const [file, value] of Object.entries(files)) {
    const path = join(folder, file)
    if (file !== idle || existsSync(path)) await writeFile(path, value, { flag: 'r+' })
  }
}

/** EINVAL: the group above has less, which holds for this one too. */
async function writeWhatHolds(folder: string, files: Files): Promise<void> {
  for (const [file, value] of Object.entries(files)) {
    try {
      await writeFile(join(folder, file), value, { flag: 'r+' })
    } catch (error) {
      if (!['ENOENT', 'EINVAL'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
    }
  }
}

/** Version 2 lends controllers to the groups below one by one, and not where processes are. */
async function enable(parent: string): Promise<void> {
  const control = join(parent, 'cgroup.subtree_control')
  if (!existsSync(control)) return
  const on = (await readFile(control, 'utf8')).trim().split(' ')
  if (!['cpu', 'pids'].every((controller) => on.includes(controller))) await writeFile(control, '+cpu +pids')
}

/** The kernel takes some time to let go of processes that have ended. */
async function removeGroup(folder: string): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await rmdir(folder)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'ENOENT') return
      if (code !== 'EBUSY' || tries === removalTries) throw error
      await sleep(removalWaitMs)
    }
  }
}

/** Removes the groups of hosts that were killed; one that still has processes stays. */
async function sweep(trees: readonly Tree[]): Promise<void> {
  for (const { parent } of trees) {
    const left = (await readdir(parent)).filter((name) => {
      const pid = name.startsWith(prefix) ? name.slice(prefix.length).split('-')[0] : undefined
      return pid !== undefined && !existsSync(`/proc/${pid}`)
    })
    await Promise.allSettled(left.map((name) => rmdir(join(parent, name))))
  }
}
