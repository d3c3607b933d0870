import { glob, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Codemod } from './codemod.ts'
import { readRecord, writeRecord } from './record.ts'

/** What one codemod did, or would do. */
export interface Applied {
  readonly codemod: Codemod
  /** Texts before and after, by path. */
  readonly changes: ReadonlyMap<string, { readonly before: string; readonly after: string }>
}

/**
 * Runs the codemods that did not run on this plugin yet, in their order, each on what the ones before left.
 * @param dryRun nothing is written
 */
export async function runCodemods(
  pluginDir: string,
  codemods: readonly Codemod[],
  { dryRun }: { readonly dryRun: boolean },
): Promise<Applied[]> {
  const ran = await readRecord(pluginDir)
  const texts = new Map<string, string>()
  const applied: Applied[] = []
  for (const codemod of codemods.filter(({ id }) => !ran.includes(id))) {
    const sources = await readSources(pluginDir, codemod.files, texts)
    const changes = [...codemod.change(sources)].map(
      ([file, after]) => [file, { before: sources.get(file) ?? '', after }] as const,
    )
    for (const [file, { after }] of changes) texts.set(file, after)
    applied.push({ codemod, changes: new Map(changes) })
    if (dryRun) continue
    for (const [file, { after }] of changes) await writeFile(path.join(pluginDir, file), after)
    // After each: a run that is broken off goes on where it stopped.
    ran.push(codemod.id)
    await writeRecord(pluginDir, ran)
  }
  return applied
}

async function readSources(
  pluginDir: string,
  patterns: readonly string[],
  changed: ReadonlyMap<string, string>,
): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  const exclude = (name: string) => /(^|[\\/])(node_modules|dist)$/.test(name)
  for await (const name of glob([...patterns], { cwd: pluginDir, exclude })) {
    const file = name.split(path.sep).join('/')
    found.set(file, changed.get(file) ?? (await readFile(path.join(pluginDir, name), 'utf8')))
  }
  return found
}
