import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { PackageError } from '../../package/findings.ts'
import { type Command, textOf, UsageError } from '../command.ts'
import { type DevClient, DevRefused, HostAway, openDevClient } from '../dev/dev-client.ts'
import { devPackage } from '../dev/dev-package.ts'
import { sourceChanges } from '../dev/watch-sources.ts'

const beatMs = 1000

export const devCommand: Command = {
  options: { host: { type: 'string' } },
  async run(typed) {
    const pluginDir = path.resolve(typed.target)
    const host = textOf(typed, 'host') ?? process.env['DCESOP_HOST'] ?? 'http://127.0.0.1:8080'
    const client = await openDevClient(host).catch((error: unknown) => {
      if (error instanceof HostAway) throw new UsageError(`There is no host at ${host}. ${error.message}`)
      throw error instanceof DevRefused ? new UsageError(error.message) : error
    })
    const stopped = new AbortController()
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => stopped.abort())
    console.log(`Sign in at ${host}, open ${host.replace(/\/+$/, '')}/dev and type ${client.code}`)
    try {
      const owner = await claimed(client, stopped.signal)
      if (owner === undefined) return 0
      console.log(`connected to the session of ${owner}; others see nothing. Ctrl-C ends it.`)
      await Promise.all([heartbeat(client, stopped), rebuild(client, pluginDir, stopped.signal)])
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
async function heartbeat(client: DevClient, stopped: AbortController): Promise<void> {
  try {
    while (!stopped.signal.aborted) {
      for (const { level, message } of (await client.beat()).events) console.log(`  [${level}] ${message}`)
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
      console.log(`shows ${id} ${version} (${((performance.now() - began) / 1000).toFixed(1)} s)`)
    } catch (error) {
      // What was shown before goes on; the next change is the next chance.
      console.error(sentencesOf(error))
    }
  }
}

function sentencesOf(error: unknown): string {
  if (error instanceof PackageError)
    return error.findings.map(({ rule, evidence, fix }) => `${rule}: ${evidence}\n  ${fix}`).join('\n')
  return error instanceof Error ? error.message : String(error)
}

async function wait(signal: AbortSignal): Promise<void> {
  await pause(beatMs, undefined, { signal }).catch(() => undefined)
}
