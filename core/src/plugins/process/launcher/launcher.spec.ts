import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Launcher } from './launcher.ts'

const silent = () => undefined

/** Prints its launcher's pid, and is killed before it reads what the launcher sent. */
const killedInTheMidst = `
  import { readFileSync, writeSync } from 'node:fs'
  import { Launcher } from ${JSON.stringify(join(import.meta.dirname, 'launcher.ts'))}
  void new Launcher().launch('sleep', ['60'], () => undefined)
  setImmediate(() => {
    const [pid] = readFileSync('/proc/self/task/' + process.pid + '/children', 'utf8').trim().split(' ')
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1500)
    writeSync(1, pid)
    process.kill(process.pid, 'SIGKILL')
  })
`

describe('the launcher of processes', () => {
  const launcher = new Launcher()

  afterAll(() => launcher.close())

  /** Of the launcher's own process, as one that it started sees it. */
  async function ownPid(): Promise<number> {
    let printed = ''
    const { exited } = await launcher.launch('sh', ['-c', 'echo $PPID; exit 3'], (text) => (printed += text))
    expect(await exited).toBe('3')
    // Its output comes on another way than its end.
    while (!printed.includes('\n')) await sleep(5)
    return Number(printed)
  }

  async function gone(pid: number): Promise<void> {
    while (existsSync(`/proc/${pid}`)) await sleep(10)
  }

  it('hands over descriptor 3, and tells how a process ended', async () => {
    const { pid, channel, exited } = await launcher.launch(
      'sh',
      ['-c', 'read line <&3; echo "$line, heard" >&3'],
      silent,
    )
    expect(pid).toBeGreaterThan(0)
    channel.write('a word\n')
    expect(String((await once(channel, 'data'))[0])).toBe('a word, heard\n')
    expect(await exited).toBe('0')
    const { pid: another, exited: end } = await launcher.launch('sleep', ['60'], silent)
    process.kill(-another, 'SIGKILL')
    expect(await end).toBe('SIGKILL')
  })

  it('says what cannot be started', async () => {
    await expect(launcher.launch('no-such-command', [], silent)).rejects.toMatchObject({
      why: { causes: [{ code: 'process_not_started' }] },
    })
  })

  it('gives a process nothing of the environment but the path', async () => {
    let printed = ''
    await (
      await launcher.launch('env', [], (text) => (printed += text))
    ).exited
    while (!printed.includes('\n')) await sleep(5)
    expect(printed.trim()).toBe(`PATH=${process.env['PATH']}`)
  })

  it('hears what is printed after the end', async () => {
    let printed = ''
    const { exited } = await launcher.launch(
      'sh',
      ['-c', '(sleep 0.2; echo last words) & exit 3'],
      (text) => (printed += text),
    )
    expect(await exited).toBe('3')
    while (!printed.includes('\n')) await sleep(5)
    expect(printed).toBe('last words\n')
  })

  it('stays when those who stop the host stop all of its processes at once, as a terminal and systemd do', async () => {
    const pid = await ownPid()
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.kill(pid, signal)
    expect(await ownPid()).toBe(pid)
  })

  it('goes on after its own process is killed, and says that what it started has ended', async () => {
    const pid = await ownPid()
    const { exited } = await launcher.launch('setpriv', ['--pdeathsig', 'SIGKILL', 'sleep', '60'], silent)
    process.kill(pid, 'SIGKILL')
    expect(await exited).toContain('gone')
    const next = await ownPid()
    expect(next).not.toBe(pid)
    launcher.close()
    await gone(next)
  })

  it('ends with a host that is killed while it is handed a descriptor', async () => {
    const host = spawn(process.execPath, ['--input-type=module', '-e', killedInTheMidst])
    const [printed] = (await once(host.stdout, 'data')) as [Buffer]
    const [, signal] = (await once(host, 'exit')) as [null, string]
    expect(signal).toBe('SIGKILL')
    await gone(Number(printed))
  })
})
