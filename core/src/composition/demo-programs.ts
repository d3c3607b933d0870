import { existsSync } from 'node:fs'
import type { Config } from '../config/config.ts'
import { SupervisedProcess } from '../data/supervised-process.ts'
import type { DemoAccounts } from '../identity/demo-accounts.ts'
import type { Log } from '../ports.ts'

const readyTimeoutMs = 180_000

/**
 * Runs the programs of the demo profile in their order. Each is an ordinary API client: it is given `DCESOP_URL` and, in
 * `DCESOP_CLIENTS`, the machine clients of its scope as JSON list of {clientId, clientSecret, region}.
 * @returns the processes, to be stopped with the host
 */
export async function startDemoPrograms(
  config: Config,
  url: string,
  demo: DemoAccounts,
  log: Log,
): Promise<SupervisedProcess[]> {
  const started: SupervisedProcess[] = []
  for (const { name, entry, clients, waitForReadyLine } of config.demo.programs) {
    if (!existsSync(entry)) {
      log.error({ program: name, entry }, 'a demo program is not there; the demo goes on without it')
      continue
    }
    const credentials = demo.machineClients
      .filter(({ scopes, region }) => scopes.includes(clients) && region !== null && config.regions.includes(region))
      .map(({ clientId, clientSecret, region }) => ({ clientId, clientSecret, region }))
    const process = new SupervisedProcess(
      {
        name,
        entry,
        args: () => [],
        env: { ...inherited(), DCESOP_URL: url, DCESOP_CLIENTS: JSON.stringify(credentials) },
        isReady: (line) => !waitForReadyLine || /\bready\b/.test(line),
        readyTimeoutMs,
        restart: 'on-failure',
      },
      log,
    )
    started.push(process)
    const ready = process.start()
    if (waitForReadyLine) await ready
    else ready.catch((err: unknown) => log.error({ err, program: name }, 'a demo program did not start'))
  }
  return started
}

/** What a program may see of our environment: its own settings and where compiled code is kept, no secrets. */
function inherited(): NodeJS.ProcessEnv {
  const names = Object.keys(process.env).filter(
    (name) => ['PATH', 'TZ', 'NODE_COMPILE_CACHE'].includes(name) || name.startsWith('DCESOP_DEMO_'),
  )
  return Object.fromEntries(names.map((name) => [name, process.env[name]]))
}
