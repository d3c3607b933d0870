import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

/** Names of the packages that a process of its own has required at the end of a program, which may await. */
export async function packagesLoadedBy(program: string): Promise<ReadonlySet<string>> {
  const told = `
    const { cache } = (await import('node:module')).createRequire(import.meta.url)
    console.log(JSON.stringify(Object.keys(cache)))`
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program + told])
  const files = JSON.parse(stdout) as string[]
  return new Set(files.flatMap((file) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? []))
}
