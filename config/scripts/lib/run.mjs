import { spawn } from 'node:child_process'
import path from 'node:path'
import { root } from './paths.mjs'

// Compiling its modules is a third of what a process costs at its start; what was compiled once is kept.
process.env.NODE_COMPILE_CACHE ??= path.join(root, 'node_modules/.cache/node')

/** Runs a program in the project's root with its output passed through; resolves with its exit status. */
export function run(command, args, { env = {}, onChild } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } })
    onChild?.(child)
    child.on('error', reject)
    child.on('exit', (code, signal) => resolve(signal ? 128 : (code ?? 1)))
  })
}

/** Like `run`, but keeps what the program prints, for programs that run side by side. */
export function runQuietly(command, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
    child.on('error', reject)
    child.on('close', (code, signal) => resolve({ status: signal ? 128 : (code ?? 1), output }))
  })
}

/** Like `run`, and ends this process when the program fails. */
export async function mustRun(command, args, options) {
  const status = await run(command, args, options)
  if (status !== 0) {
    console.error(`${command} ${args.join(' ')} ended with status ${status}`)
    process.exit(status)
  }
}

/** Passes termination signals on to the child and ends with its status, as if it were this process. */
export async function become(command, args, options = {}) {
  const status = await run(command, args, {
    ...options,
    onChild(child) {
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
    },
  })
  process.exit(status)
}
