import type { RegionData } from '@dcesop/sdk-plugin'
import { scopedData } from '@dcesop/sdk-plugin/host'
import { migrationFiles } from '@dcesop/sdk-plugin/package'
import { createHash } from 'node:crypto'
import type { Clock, DataPlatform } from '../../ports.ts'
import { runAs } from '../generation/attribution.ts'
import { loadModule } from '../generation/module-loader.ts'
import { because, ReasonedError } from '../journal/reasons.ts'
import type { OpenedPackage } from '../store/package-store.ts'
import { type MigrationRecord, MigrationRecords } from './records.ts'

export type Step = 'expand' | 'contract'

/** Runs a step apart from the host's process. @param path of the migration's file in the package */
export type RunStep = (opened: OpenedPackage, path: string, step: Step, region: string) => Promise<void>

interface Migration {
  readonly name: string
  readonly path: string
  readonly hash: string
  /** What the file exports; loaded when it is to run. */
  load(): Readonly<Partial<Record<Step, (db: RegionData) => Promise<void>>>>
}

export interface MigrateParts {
  readonly data: DataPlatform
  readonly clock: Clock
  /** For a plugin that does not run in the host's process. */
  readonly isolated?: RunStep | undefined
}

/**
 * Runs `expand` of every migration that a region has not had, in order. One that was interrupted runs again: migrations are
 * idempotent.
 * @throws Error that names the migration and the region; what ran before stays noted, so that the next try goes on there
 */
export async function expand(opened: OpenedPackage, parts: MigrateParts): Promise<void> {
  const migrations = migrationsOf(opened)
  await inRegions(opened, parts, async (db, records) => {
    const known = new Map((await records.all()).map((record) => [record.name, record]))
    refuseContracted(opened, migrations, known)
    for (const migration of migrations) {
      const record = known.get(migration.name)
      if (record && record.hash !== migration.hash) throw changed(opened, migration.name, record)
      if (record === undefined || record.state === 'expanding')
        await run('expand', migration, opened, db, records, parts)
    }
  })
}

/**
 * Runs `contract` of the migrations that every kept version knows: nobody needs what they take away.
 * @param kept names of the migrations of each version that may serve again
 * @throws Error that names the migration and the region
 */
export async function contract(
  opened: OpenedPackage,
  kept: readonly ReadonlySet<string>[],
  parts: MigrateParts,
): Promise<void> {
  const due = migrationsOf(opened).filter(({ name }) => kept.every((names) => names.has(name)))
  if (due.length === 0) return
  await inRegions(opened, parts, async (db, records) => {
    const known = new Map((await records.all()).map((record) => [record.name, record]))
    for (const migration of due) {
      const state = known.get(migration.name)?.state
      if (state === 'expanded' || state === 'contracting') await run('contract', migration, opened, db, records, parts)
    }
  })
}

/** Names of a package's migrations. */
export function migrationNames(opened: OpenedPackage): ReadonlySet<string> {
  return new Set(migrationFiles(opened.manifest, opened.files.keys()).map(({ name }) => name))
}

async function run(
  step: Step,
  migration: Migration,
  opened: OpenedPackage,
  db: RegionData,
  records: MigrationRecords,
  { clock, isolated }: MigrateParts,
): Promise<void> {
  const { id: plugin, version } = opened.manifest
  const { name, hash, path } = migration
  const [under, done] =
    step === 'expand' ? (['expanding', 'expanded'] as const) : (['contracting', 'contracted'] as const)
  const put = (state: MigrationRecord['state'], error?: string) =>
    records.put({ name, hash, version, state, at: clock.now(), ...(error === undefined ? {} : { error }) })
  await put(under)
  try {
    await (isolated?.(opened, path, step, db.region) ??
      runAs({ plugin, version }, async () => migration.load()[step]?.(db)))
  } catch (cause) {
    const why = String((cause as Partial<Error> | null)?.message ?? cause)
    await put(under, why.slice(0, 1000))
    const about = { name, plugin, version, step, region: db.region, detail: why }
    throw new ReasonedError(because('migration_failed', about), cause)
  }
  await put(done)
}

/** One region after the other, with handles of the plugin's own collections only. */
async function inRegions(
  { manifest }: OpenedPackage,
  { data }: MigrateParts,
  work: (db: RegionData, records: MigrationRecords) => Promise<void>,
): Promise<void> {
  const scoped = scopedData(data, manifest)
  try {
    for (const region of scoped.port.regions)
      await work(scoped.port.region(region), new MigrationRecords(data.region(region), manifest.id))
  } finally {
    scoped.dispose()
  }
}

function migrationsOf({ manifest, files }: OpenedPackage): Migration[] {
  return migrationFiles(manifest, files.keys()).map(({ name, path }) => {
    const code = files.get(path) as Buffer
    return {
      name,
      path,
      hash: createHash('sha256').update(code).digest('hex'),
      load: () =>
        loadModule(manifest.id, manifest.version, path, code.toString('utf8')) as ReturnType<Migration['load']>,
    }
  })
}

/** @throws Error when a migration that this version does not know has taken away what it may need */
function refuseContracted(
  { manifest }: OpenedPackage,
  own: readonly Migration[],
  known: ReadonlyMap<string, MigrationRecord>,
): void {
  const names = new Set(own.map(({ name }) => name))
  const gone = [...known.values()].find(({ name, state }) => state.startsWith('contract') && !names.has(name))
  if (!gone) return
  const about = { name: gone.name, by: gone.version, plugin: manifest.id, version: manifest.version }
  throw new ReasonedError(because('migration_contracted', about))
}

function changed({ manifest }: OpenedPackage, name: string, record: MigrationRecord): Error {
  const about = { name, by: record.version, plugin: manifest.id, version: manifest.version }
  return new ReasonedError(because('migration_changed', about))
}
