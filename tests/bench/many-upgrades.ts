import { changePlugin, uploadPackage } from '../support/admin.ts'
import { signIn } from '../support/client.ts'
import { packVersions } from '../support/packages.ts'
import { type Product, startProduct } from '../support/product.ts'
import { startSteadyLoad } from '../support/steady-load.ts'
import { percentile, report } from './report.ts'

const admin = { role: 'registry-admin', region: 'br' }
const perSecond = 100
/** What is compiled and cached once comes before the first look at the heap. */
const warmUp = 25

/** One plugin upgraded again and again under load: requests that failed, how long others waited, and what stays in the heap. */
export async function benchManyUpgrades(upgrades: number): Promise<void> {
  const product = await startProduct({
    env: { DCESOP_DEMO_PROGRAMS: 'none', NODE_OPTIONS: '--inspect=127.0.0.1:0' },
    readyMs: 300_000,
  })
  try {
    const registry = await signIn(product.url, admin.role, admin.region)
    const agent = await signIn(product.url, 'agent', 'br')
    const pack = await packVersions('tests/fixtures/echo')
    const change = async (verb: 'install' | 'upgrade', version: string) => {
      const uploaded = await uploadPackage(registry, await pack(version))
      const changed = await changePlugin(registry, admin, 'echo', verb, { version })
      if (uploaded.status !== 201 || changed.status !== 200)
        throw new Error(`${verb}: ${JSON.stringify([uploaded.body, changed.body])}`)
    }
    await change('install', '1.0.0')
    const load = startSteadyLoad(perSecond, async (index) => {
      const answer = await agent.request('GET', `/api/plugins/echo/records/r${index}`)
      return answer.status === 200 ? undefined : `${answer.status} ${JSON.stringify(answer.body)}`
    })
    let version = 0
    const upgrade = async (times: number) => {
      for (let done = 0; done < times; done += 1) await change('upgrade', `1.1.${(version += 1)}`)
    }
    await upgrade(warmUp)
    const before = await heapMiB(product)
    const start = performance.now()
    await upgrade(upgrades)
    const seconds = (performance.now() - start) / 1000
    const { sent, failures, latenciesMs } = await load.stop()
    const after = await heapMiB(product)
    for (const failure of failures.slice(0, 5)) console.error(failure)
    report({ name: 'upgrades of one plugin in a row', value: upgrades, unit: 'upgrades' })
    report({ name: 'one upgrade, under load', value: (seconds / upgrades) * 1000, unit: 'ms' })
    report({ name: 'failed requests meanwhile', value: failures.length, unit: 'requests', baseline: sent })
    report({ name: 'wait of a request meanwhile, p99', value: percentile(latenciesMs, 0.99), unit: 'ms' })
    report({ name: 'heap after the upgrades', value: after, unit: 'MiB', baseline: before })
  } finally {
    await product.dispose()
  }
}

/** Used heap and buffers of the host after a collection, asked over its inspector: the product has no door for this. */
async function heapMiB(product: Product): Promise<number> {
  const url = /ws:\/\/\S+/.exec(product.output())?.[0]
  if (url === undefined) throw new Error(`no inspector in: ${product.output()}`)
  const socket = new WebSocket(url)
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve)
    socket.addEventListener('error', reject)
  })
  const ask = (method: string, params: object = {}) =>
    new Promise<{ result: { value?: number } }>((resolve) => {
      socket.addEventListener(
        'message',
        ({ data }) => resolve((JSON.parse(String(data)) as { result: never }).result),
        {
          once: true,
        },
      )
      socket.send(JSON.stringify({ id: 1, method, params }))
    })
  const expression =
    '(({ heapUsed, external, arrayBuffers }) => heapUsed + external + arrayBuffers)(process.memoryUsage())'
  try {
    for (let times = 0; times < 2; times += 1) await ask('HeapProfiler.collectGarbage')
    const { result } = await ask('Runtime.evaluate', { expression, returnByValue: true })
    return Number(result.value) / 1024 / 1024
  } finally {
    socket.close()
  }
}
