import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { readSource } from '../../build/read-source.ts'
import { manifestPath } from '../../package/file-list.ts'
import { PackageError } from '../../findings/finding.ts'
import { checkPlugin } from '../check.ts'
import { type Command, textOf, UsageError } from '../command.ts'
import { authorsPlaces } from '../dev/authors-places.ts'
import { type DevClient, DevRefused, HostAway, openDevClient } from '../dev/dev-client.ts'
import { devPackage } from '../dev/dev-package.ts'
import { sourceChanges } from '../dev/watch-sources.ts'
import { printable } from '../printable.ts'
import { sentencesOf, t } from '../text/text.ts'

const beatMs = 1000
/** What a registry answers, or the web server of another product. */
const noSuchRoute: ReadonlySet<number> = new Set([404, 405])

export const devCommand: Command = {
  options: { host: { type: 'string' } },
  async run(typed) {
    const pluginDir = path.resolve(typed.target)
    const host = textOf(typed, 'host') ?? process.env['DCESOP_HOST'] ?? 'http://127.0.0.1:8080'
    if (!/^https?:$/.test(URL.parse(host)?.protocol ?? '')) throw new UsageError(t('dev.address', { host }))
    // Nobody types a code for a folder that holds no plugin.
    await readSource(pluginDir, manifestPath)
    const client = await openDevClient(host).catch((error: unknown) => {
      if (error instanceof HostAway) throw new UsageError(t('dev.noHost', { host, why: error.why }))
      if (!(error instanceof DevRefused)) throw error
      if (noSuchRoute.has(error.status)) throw new UsageError(t('dev.noHost', { host, why: t('dev.otherServer') }))
      throw new UsageError(error.message)
    })
    const stopped = new AbortController()
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => stopped.abort())
    console.log(t('dev.signIn', { host, page: `${host.replace(/\/+$/, '')}/dev`, code: client.code }))
    try {
      const owner = await claimed(client, stopped.signal)
      if (owner === undefined) return 0
      console.log(t('dev.connected', { owner }))
      await Promise.all([heartbeat(client, pluginDir, stopped), rebuild(client, pluginDir, stopped.signal)])
      return 0
    } catch (error) {
      if (!(error instanceof DevRefused || error instanceof HostAway)) throw error
      console.error(error.message)
      return 1
    } finally {
      stopped.abort()
      await client.end().catch(() => undefined)
    }
  },
}

/** Who typed the code; undefined when the author gave up. */
async function claimed(client: DevClient, signal: AbortSignal): Promise<string | undefined> {
  while (!signal.aborted) {
    const { owner } = await client.beat()
    if (owner !== null) return owner
    await wait(signal)
  }
  return undefined
}

/** Keeps the session alive and prints what the plugin logs on the host. */
async function heartbeat(client: DevClient, pluginDir: string, stopped: AbortController): Promise<void> {
  try {
    while (!stopped.signal.aborted) {
      for (const { level, message } of (await client.beat()).events)
        console.log(printable(`  [${level}] ${await authorsPlaces(message, pluginDir)}`))
      await wait(stopped.signal)
    }
  } finally {
    stopped.abort()
  }
}

async function rebuild(client: DevClient, pluginDir: string, signal: AbortSignal): Promise<void> {
  for await (const began of sourceChanges(pluginDir, signal)) {
    try {
      const { id, version, tarball } = await devPackage(pluginDir, Date.now())
      await client.put(tarball)
      console.log(t('dev.shows', { id, version, seconds: (performance.now() - began) / 1000 }))
      await tellFindings(pluginDir)
    } catch (error) {
      // What was shown before goes on; the next change is the next chance.
      console.error(error instanceof PackageError ? sentencesOf(error.findings) : String((error as Error).message))
      // The host knows the build alone; where in the sources it is, the same look tells that `check` takes.
      if (error instanceof DevRefused) await tellFindings(pluginDir)
    }
  }
}

/** What pack would refuse; the shell may show it all the same, such as a text that is not translated yet. */
async function tellFindings(pluginDir: string): Promise<void> {
  const findings = await checkPlugin(pluginDir)
  if (findings.length > 0) console.error(sentencesOf(findings))
}

async function wait(signal: AbortSignal): Promise<void> {
  await pause(beatMs, undefined, { signal }).catch(() => undefined)
}
