import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Log } from '@dcesop/sdk-plugin'
import { findControlGroups } from './control-groups.ts'

const said: string[] = []
const log: Log = {
  debug: () => undefined,
  info: (_fields: object, message?: string) => void said.push(message ?? ''),
  warn: (_fields: object, message?: string) => void said.push(message ?? ''),
  error: (_fields: object, message?: string) => void said.push(message ?? ''),
} as unknown as Log

/** What a process that joined tells of itself until it is ended. */
async function joined(command: readonly string[]) {
  const [name = 'sh', ...args] = [...command, 'sh', '-c', 'cat /proc/self/cgroup; echo end; exec sleep 60']
  const child = spawn(name, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  let output = ''
  for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
    output += chunk.toString()
    if (output.includes('end\n')) break
  }
  const end = async () => {
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
  }
  return { output, end }
}

/** A file of the groups that a process is in, where this kernel has it. */
function filesOf(groups: string, name: string): string[] {
  const paths = [...groups.matchAll(/^\d+:([^:]*):(.*)$/gm)].map(([, controller = '', path = '']) =>
    join('/sys/fs/cgroup', controller, path, name),
  )
  return paths.filter((path) => path.includes('dcesop-plugin-') && existsSync(path))
}

describe('the control group of a plugin', () => {
  beforeEach(() => void said.splice(0))

  it('holds its processes, where this machine lets it be made, and is gone after them', async () => {
    const groups = await findControlGroups(log)
    const group = await groups.open('a-plugin')
    const { output, end } = await joined(group.join)
    const isInside = output.includes(`dcesop-plugin-${process.pid}-a-plugin`)
    expect(isInside).toBe(groups.kind !== 'none')
    const valuesOf = async (name: string) => {
      const files = filesOf(output, name)
      return Promise.all(files.map(async (file) => (await readFile(file, 'utf8')).trim()))
    }
    // Where the group above has less, the file keeps its default.
    for (const [quota = '', period = '0'] of [
      ...(await valuesOf('cpu.max')).map((value) => value.split(' ')),
      ...[[...(await valuesOf('cpu.cfs_quota_us')), ...(await valuesOf('cpu.cfs_period_us'))]].filter(
        (both) => both.length > 0,
      ),
    ])
      expect(['max', '-1', `${1.5 * Number(period)}`]).toContain(quota)
    const knowsIdle = filesOf(output, 'cpu.idle').length > 0
    expect(await valuesOf('cpu.idle')).toEqual(knowsIdle ? ['1'] : [])
    for (const [share, isIdle, shares] of [
      ['equal', '0', '1024'],
      ['tenth', '0', '102'],
      ['rest', '1', undefined],
      ['tenth', '0', '102'],
    ] as const) {
      await group.share(share)
      if (knowsIdle) expect(await valuesOf('cpu.idle')).toEqual([isIdle])
      if (shares) for (const value of await valuesOf('cpu.shares')) expect(value).toBe(shares)
    }
    await end()
    await group.remove()
    await group.remove()
    const again = await groups.open('a-plugin')
    await again.remove()
  })

  it('is missed with a warning where no groups can be made, and the process runs all the same', async () => {
    const empty = await mkdtemp(join(tmpdir(), 'dcesop-no-cgroups-'))
    const groups = await findControlGroups(log, empty)
    expect(groups.kind).toBe('none')
    expect(said).toEqual([expect.stringContaining('may not make control groups')])
    const group = await groups.open('a-plugin')
    const { output, end } = await joined(group.join)
    expect(output).toContain('end')
    await end()
    await group.remove()
    await rm(empty, { recursive: true, force: true })
  })
})
