import { cp, glob, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import { makeFolder } from '../host/make-folder.ts'
import { sdkSource } from './sdk-source.ts'
import { codemods } from './update/codemods/index.ts'
import { writeRecord } from './update/record.ts'

export const templates = ['page', 'panel', 'backend', 'integration'] as const
export type Template = (typeof templates)[number]

export interface NewPlugin {
  readonly template: Template
  readonly id: string
  readonly publisher: string
  /** Where the SDK comes from, for package.json; left out, where the package around the plugin has it from. */
  readonly sdk?: string | undefined
  /** What the author installs with. */
  readonly manager?: PackageManager
}

export type PackageManager = 'npm' | 'pnpm' | 'yarn'

/** As they tell the programs that they run. */
export function packageManager({ npm_config_user_agent: agent = '' }: NodeJS.ProcessEnv): PackageManager {
  return agent.startsWith('pnpm/') ? 'pnpm' : agent.startsWith('yarn/') ? 'yarn' : 'npm'
}

/** What templates are made of, besides what all have in common. */
const parts: Readonly<Record<Template, readonly string[]>> = {
  page: ['estimate', 'page'],
  panel: ['panel'],
  backend: ['estimate', 'backend'],
  integration: ['integration'],
}

const folder = path.resolve(import.meta.dirname, '../../templates')
const sdk = createRequire(import.meta.url)('../../package.json') as { version: string }

export function isTemplate(name: string): name is Template {
  return (templates as readonly string[]).includes(name)
}

/** Writes a plugin that builds, with its specs, into a folder that is empty or not there; what was begun does not stay. */
export async function writeTemplate(dir: string, plugin: NewPlugin): Promise<void> {
  makeFolder(dir)
  try {
    await fill(dir, plugin)
  } catch (error) {
    // Else the next attempt is refused: the folder would not be empty.
    for (const name of await readdir(dir)) await rm(path.join(dir, name), { recursive: true, force: true })
    throw error
  }
}

async function fill(dir: string, plugin: NewPlugin): Promise<void> {
  const needed = ['common', ...parts[plugin.template], ...(plugin.manager === 'pnpm' ? ['pnpm'] : [])]
  for (const part of needed) await cp(path.join(folder, part), dir, { recursive: true })
  // npm leaves a .gitignore out of what it packs.
  await rename(path.join(dir, 'gitignore'), path.join(dir, '.gitignore'))
  const source = plugin.sdk ?? (await sdkSource(dir)) ?? `^${sdk.version}`
  await writeFile(path.join(dir, 'package.json'), `${JSON.stringify(packageJson(plugin, source), null, 2)}\n`)
  // It begins as the newest codemod leaves a plugin.
  await writeRecord(
    dir,
    codemods.map(({ id }) => id),
  )
  for await (const entry of glob('**/*', { cwd: dir, withFileTypes: true })) {
    if (entry.isFile()) await fillIn(path.join(entry.parentPath, entry.name), plugin)
  }
}

async function fillIn(file: string, { id, publisher }: NewPlugin): Promise<void> {
  const text = await readFile(file, 'utf8')
  const filled = text
    .replaceAll('template-id', id)
    .replaceAll('template-publisher', publisher)
    .replaceAll('Template title', titleOf(id))
  if (filled !== text) await writeFile(file, filled)
}

/** `radio-links` is "Radio links". */
function titleOf(id: string): string {
  const words = id.replaceAll('-', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

function packageJson({ id, publisher }: NewPlugin, source: string): object {
  return {
    name: `@${publisher}/dcesop-${id}`,
    version: '0.1.0',
    // Published is what `dcesop publish` packs, never this folder.
    private: true,
    license: 'Apache-2.0',
    type: 'module',
    scripts: {
      test: 'dcesop test',
      build: 'dcesop build',
      check: 'dcesop check && vue-tsc',
      dev: 'dcesop dev',
      pack: 'dcesop pack',
    },
    devDependencies: {
      '@dcesop/sdk-plugin': source,
      '@types/node': '^24.0.0',
      typescript: '^5.9.0 || ^6.0.0',
      vue: '^3.5.0',
      'vue-tsc': '^3.0.0',
    },
  }
}
