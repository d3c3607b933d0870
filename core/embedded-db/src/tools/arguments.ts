import { parseArgs } from 'node:util'
import type { Durability } from '../store/lmdb-store.ts'
import type { ExportOptions } from './export.ts'
import type { ImportOptions } from './import.ts'

export const USAGE = `usage:
  npm run db -- --dir FOLDER [--port P | --socket PATH] [--durability none|commit|flush]
  npm run db -- --dir FOLDER --export TARGET [--format ejson|bson] [--gzip]
  npm run db -- --dir FOLDER --import SOURCE [--into DATABASE[.COLLECTION]] [--drop | --merge]
  npm run db -- --dir FOLDER --check
  npm run db -- --dir FOLDER --compact
All but the first work on a folder that no process has open.`

/** What the command line asks for. */
export type Task =
  | { kind: 'help' }
  | { kind: 'serve'; dir: string; port: number; socket: string | undefined; durability: Durability }
  | { kind: 'export'; dir: string; target: string; options: ExportOptions }
  | { kind: 'import'; dir: string; source: string; options: ImportOptions }
  | { kind: 'check'; dir: string }
  | { kind: 'compact'; dir: string }

export class UsageError extends Error {}

const text = { type: 'string' } as const
const flag = { type: 'boolean' } as const
const OPTIONS = {
  dir: text,
  port: text,
  socket: text,
  durability: text,
  export: text,
  format: text,
  gzip: flag,
  import: text,
  into: text,
  drop: flag,
  merge: flag,
  check: flag,
  compact: flag,
  help: flag,
}

type Values = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values']

/** Options that each task takes besides --dir. */
const TAKES: Readonly<Record<Exclude<Task['kind'], 'help'>, readonly (keyof Values)[]>> = {
  serve: ['port', 'socket', 'durability'],
  export: ['export', 'format', 'gzip'],
  import: ['import', 'into', 'drop', 'merge'],
  check: ['check'],
  compact: ['compact'],
}

/** @throws UsageError for what cannot be meant */
export function readArguments(args: readonly string[]): Task {
  const values = parse(args)
  if (values.help) return { kind: 'help' }
  const kind = kindOf(values)
  if (values.dir === undefined || values.dir === '') throw new UsageError('--dir is required')
  const stray = (Object.keys(values) as (keyof Values)[]).find((name) => name !== 'dir' && !TAKES[kind].includes(name))
  if (stray !== undefined)
    throw new UsageError(`--${stray} does not go with ${kind === 'serve' ? 'serving' : `--${kind}`}`)
  return taskOf(kind, values.dir, values)
}

function parse(args: readonly string[]): Values {
  try {
    return parseArgs({ args: [...args], options: OPTIONS }).values
  } catch (error) {
    throw new UsageError((error as Error).message, { cause: error })
  }
}

function kindOf(values: Values): Exclude<Task['kind'], 'help'> {
  const kinds = (['export', 'import', 'check', 'compact'] as const).filter((name) => values[name] !== undefined)
  if (kinds.length > 1) throw new UsageError(`--${kinds.join(' and --')} do not go together`)
  return kinds[0] ?? 'serve'
}

function taskOf(kind: Exclude<Task['kind'], 'help'>, dir: string, values: Values): Task {
  if (kind === 'export') return { kind, dir, target: values.export ?? '', options: exportOptions(values) }
  if (kind === 'import') return { kind, dir, source: values.import ?? '', options: importOptions(values) }
  if (kind === 'check' || kind === 'compact') return { kind, dir }
  if (values.port !== undefined && values.socket !== undefined)
    throw new UsageError('--port and --socket do not go together')
  const durability = values.durability ?? 'commit'
  if (!['none', 'commit', 'flush'].includes(durability))
    throw new UsageError(`--durability must be none, commit or flush, not ${durability}`)
  const port = Number(values.port ?? 27017)
  if (!Number.isInteger(port) || port < 0 || port > 65535 || values.port === '')
    throw new UsageError(`--port must be a number from 0 to 65535, not ${String(values.port)}`)
  return { kind, dir, port, socket: values.socket, durability: durability as Durability }
}

function exportOptions({ format = 'ejson', gzip = false }: Values): ExportOptions {
  if (format !== 'ejson' && format !== 'bson') throw new UsageError(`--format must be ejson or bson, not ${format}`)
  return { format, gzip }
}

function importOptions({ into, drop = false, merge = false }: Values): ImportOptions {
  if (drop && merge) throw new UsageError('--drop and --merge do not go together')
  return { into, existing: drop ? 'drop' : merge ? 'merge' : 'refuse' }
}
