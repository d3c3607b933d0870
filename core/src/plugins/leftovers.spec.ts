import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Fixture, packFixture, route } from './testing/fixture-plugin.ts'
import { startData } from './testing/harness.ts'
import { type HostProcess, startHostProcess } from './testing/host-process.ts'

let data: Awaited<ReturnType<typeof startData>>
let host: HostProcess
let dataDir: string

// In a process of its own: jest's timers and process are not those that plugins get.
beforeAll(async () => {
  data = await startData()
  dataDir = await mkdtemp(join(tmpdir(), 'pluginhost-'))
  host = await startHostProcess(data, { dataDir, leftoversMs: 300 })
})

afterAll(async () => {
  // Where it did not start, the database still has to be stopped: the worker would not end.
  await (host as HostProcess | undefined)?.kill()
  await data?.stop()
  await rm(dataDir, { recursive: true, force: true })
})

const pack = (fixture: Fixture) => packFixture({ routes: [route('GET', '/')], ...fixture })
const opening = `{ fs: require('fs'), net: require('net'), child: require('child_process'), dgram: require('dgram'),
  workers: require('worker_threads'), timers: require('timers/promises') }`
const answers = `context.route({ method: 'GET', path: '/', summary: 'x', handler: async () => {`
const version = async (id: string) => {
  const { json } = await host.request('GET', `/api/admin/plugins/${id}`, 'admin')
  return (json['versions'] as { hotSwappable: boolean; leftovers: object | null }[])[0]
}

async function installed(id: string, start: string): Promise<void> {
  const put = await host.request('POST', '/api/admin/packages', 'admin', await pack({ id, start }))
  expect(put.status).toBe(201)
  expect((await host.request('POST', `/api/admin/plugins/${id}/install`, 'admin', { version: '1.0.0' })).status).toBe(
    200,
  )
  expect((await host.request('GET', `/api/plugins/${id}`)).status).toBe(200)
}

describe('a version that leaves something behind when it is stopped', () => {
  it.each<[id: string, what: string, start: string, left: object]>([
    ['interval', 'an interval', `setInterval(() => {}, 60000); ${answers} return { ok: true } } })`, { timers: 1 }],
    [
      'late',
      'an interval of a request',
      `${answers} setInterval(() => {}, 60000); return { ok: true } } })`,
      { timers: 1 },
    ],
    [
      'again',
      'a timer that sets itself again',
      `const again = () => setTimeout(again, 20); again(); ${answers} return { ok: true } } })`,
      { timers: 1 },
    ],
    [
      'listener',
      'a listener of the process, and a server',
      `process.on('SIGUSR2', () => {})
       await new Promise((resolve) => require('node:net').createServer().listen(0, '127.0.0.1', resolve))
       ${answers} return { ok: true } } })`,
      { listeners: 1, servers: 1 },
    ],
    [
      'all',
      'all else that Node opens',
      `const { fs, net, child, dgram, workers, timers } = ${opening}
       fs.watch('.', () => {})
       fs.watchFile('none', () => {})
       void (async () => { for await (const _ of fs.promises.watch('.')); })()
       void (async () => { for await (const _ of timers.setInterval(60000)); })()
       const server = net.createServer()
       await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
       await new Promise((resolve) => net.connect(server.address().port, '127.0.0.1', resolve))
       dgram.createSocket('udp4').bind(0, '127.0.0.1')
       child.spawn('cat')
       new workers.Worker('setInterval(() => {}, 60000)', { eval: true })
       ${answers} return { ok: true } } })`,
      { watchers: 3, timers: 1, servers: 1, connections: 1, sockets: 1, processes: 1, workers: 1 },
    ],
  ])(
    '(%s) %s, is marked as not hot-swappable',
    async (id, _what, start, left) => {
      await installed(id, start)
      expect(await version(id)).toMatchObject({ hotSwappable: true, leftovers: null })
      expect((await host.request('POST', `/api/admin/plugins/${id}/disable`, 'admin', {})).status).toBe(200)
      while ((await version(id))?.hotSwappable) await new Promise((resolve) => setTimeout(resolve, 50))
      expect(await version(id)).toMatchObject({ hotSwappable: false, leftovers: left })
    },
    30_000,
  )

  it('does not fill the host, however often it listens for a while', async () => {
    await installed(
      'often',
      `${answers}
         const held = new Array(1e6).fill(0)
         const heard = () => held
         process.on('SIGUSR2', heard)
         process.off('SIGUSR2', heard)
         return { ok: true } } })`,
    )
    // Together more than the memory of the host.
    for (let n = 0; n < 40; n += 1) expect((await host.request('GET', '/api/plugins/often')).status).toBe(200)
  })

  it('is none that gives back what it opened, works with the database, and waits in its requests', async () => {
    await installed(
      'tidy',
      `const timer = setInterval(() => {}, 60000)
       context.onStop({ dispose: () => clearInterval(timer) })
       process.once('SIGUSR1', () => {}); process.removeAllListeners('SIGUSR1')
       const { fs, net, child, dgram, workers, timers } = ${opening}
       fs.watch('.', () => {}).close()
       fs.watchFile('none', () => {}); fs.unwatchFile('none')
       for await (const _ of timers.setInterval(1)) break
       const server = net.createServer((socket) => socket.end())
       await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
       await new Promise((resolve) => net.connect(server.address().port, '127.0.0.1').resume().on('close', resolve))
       server.close()
       dgram.createSocket('udp4').close()
       await new Promise((resolve) => child.spawn('true').on('close', resolve))
       await new workers.Worker('0', { eval: true }).terminate()
       ${answers}
         await new Promise((resolve) => setTimeout(resolve, 5))
         await fetch('http://127.0.0.1:9', {}).catch(() => undefined)
         return { ok: true } } })`,
    )
    // It is looked at after the first, so that the first was looked at once this is marked.
    await installed('witness', `setInterval(() => {}, 60000); ${answers} return { ok: true } } })`)
    for (const id of ['tidy', 'witness'])
      expect((await host.request('POST', `/api/admin/plugins/${id}/disable`, 'admin', {})).status).toBe(200)
    while ((await version('witness'))?.hotSwappable) await new Promise((resolve) => setTimeout(resolve, 50))
    expect(await version('tidy')).toMatchObject({ hotSwappable: true, leftovers: null })
  })
})
