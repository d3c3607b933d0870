import type { Task } from './arguments.ts'
import { check, textOf } from './check.ts'
import { compact } from './compact.ts'
import { exportTo } from './export.ts'
import { importFrom } from './import.ts'
import { withEngine } from './offline.ts'

export type OfflineTask = Exclude<Task, { kind: 'help' | 'serve' }>

/** Runs a task on a stopped database; returns whether all of it was done. */
export async function runOffline(task: OfflineTask, print: (line: string) => void): Promise<boolean> {
  switch (task.kind) {
    case 'export': {
      const done = await withEngine(task.dir, (engine) => exportTo(engine, task.target, task.options))
      print(
        `exported ${done.documents} documents in ${done.collections} collections and ${done.views} views of ${done.databases} databases to ${task.target}`,
      )
      return true
    }
    case 'import': {
      const done = await withEngine(task.dir, (engine) => importFrom(engine, task.source, task.options), {
        create: true,
      })
      for (const skipped of done.skipped) print(`skipped ${skipped}`)
      for (const failure of done.failures) print(`not imported: ${failure}`)
      const duplicates = done.duplicates > 0 ? `; ${done.duplicates} were there already` : ''
      print(
        `imported ${done.documents} documents, ${done.collections} collections, ${done.indexes} indexes besides _id and ${done.views} views${duplicates}`,
      )
      return done.failures.length === 0
    }
    case 'check': {
      const done = await check(task.dir)
      print(textOf(done))
      return done.problems.length === 0
    }
    case 'compact': {
      const { before, after } = await compact(task.dir)
      print(`compacted from ${before} to ${after} bytes`)
      return true
    }
  }
}
