import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { sourceChanges } from './watch-sources.ts'

let folder: string
let stopped: AbortController
let changes: AsyncGenerator<number>
const at = (...names: string[]) => path.join(folder, ...names)

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'sources-'))
  await mkdir(at('ui'))
  await mkdir(at('dist'))
  await writeFile(at('ui', 'page.vue'), '1')
  stopped = new AbortController()
  changes = sourceChanges(folder, stopped.signal, 5)
  expect((await changes.next()).done).toBe(false)
})
afterEach(async () => {
  stopped.abort()
  await changes.return(0)
  await rm(folder, { recursive: true })
})

/** Whether what is done is noticed, after all that was done before; the runner ends what never is. */
async function notices(work: () => Promise<unknown>): Promise<boolean> {
  let next = changes.next()
  while (await isSettled(next)) next = changes.next()
  await work()
  return (await next).done === false
}

function isSettled(promise: Promise<unknown>): Promise<boolean> {
  const later = new Promise<false>((resolve) => setTimeout(resolve, 50, false))
  return Promise.race([promise.then(() => true), later])
}

/** As editors save: a new file takes the place of the old one. */
async function replace(file: string): Promise<void> {
  await writeFile(`${file}~`, '2')
  await rename(`${file}~`, file)
}

describe('changes of sources', () => {
  it('are noticed of a file in whose place another was put, each time', async () => {
    expect(await notices(() => replace(at('ui', 'page.vue')))).toBe(true)
    expect(await notices(() => replace(at('ui', 'page.vue')))).toBe(true)
    expect(await notices(() => writeFile(at('ui', 'page.vue'), '3'))).toBe(true)
  })

  it('are noticed in folders that come, and that come again', async () => {
    for (let times = 0; times < 2; times += 1) {
      expect(await notices(() => mkdir(at('ui', 'parts')))).toBe(true)
      expect(await notices(() => writeFile(at('ui', 'parts', 'a.vue'), '1'))).toBe(true)
      expect(await notices(() => writeFile(at('ui', 'parts', 'a.vue'), '2'))).toBe(true)
      expect(await notices(() => rm(at('ui', 'parts'), { recursive: true }))).toBe(true)
    }
  })

  it('are none of what was built, or is hidden', async () => {
    const next = changes.next()
    await writeFile(at('dist', 'server.cjs'), '1')
    await writeFile(at('.swap'), '1')
    expect(await isSettled(next)).toBe(false)
    await writeFile(at('ui', 'page.vue'), '2')
    expect((await next).done).toBe(false)
  })

  it('end with the signal', async () => {
    const next = changes.next()
    stopped.abort()
    expect((await next).done).toBe(true)
  })
})
