import { aggregate } from './aggregate.ts'
import { bulkWrite } from './bulk-write.ts'
import { drop, dropDatabase, listCollections, listDatabases, rename } from './collections.ts'
import type { Command } from './command.ts'
import { count } from './count.ts'
import { collMod } from './coll-mod.ts'
import { create } from './create.ts'
import { createIndexes } from './create-indexes.ts'
import { deleteCommand } from './delete.ts'
import * as diagnostics from './diagnostics.ts'
import { distinct } from './distinct.ts'
import { dropIndexes } from './drop-indexes.ts'
import { explain } from './explain.ts'
import { filemd5 } from './filemd5.ts'
import { find } from './find.ts'
import { findAndModify } from './find-and-modify.ts'
import { getMore } from './get-more.ts'
import { hello, isMaster } from './hello.ts'
import { insert } from './insert.ts'
import { killCursors } from './kill-cursors.ts'
import { listIndexes } from './list-indexes.ts'
import { operations } from './operations.ts'
import { configureFailPoint, getParameter, setParameter } from './parameters.ts'
import { refused } from './refused.ts'
import * as sessions from './session-commands.ts'
import { collStats, dbStats, validate } from './statistics.ts'
import { testCommands } from './test-commands.ts'
import { abortTransaction, commitTransaction } from './transactions.ts'
import { update } from './update.ts'

const commands: readonly Command[] = [
  hello,
  isMaster,
  insert,
  update,
  deleteCommand,
  find,
  getMore,
  killCursors,
  findAndModify,
  count,
  distinct,
  aggregate,
  bulkWrite,
  explain,
  filemd5,
  create,
  collMod,
  drop,
  dropDatabase,
  rename,
  listCollections,
  listDatabases,
  createIndexes,
  listIndexes,
  dropIndexes,
  commitTransaction,
  abortTransaction,
  getParameter,
  setParameter,
  configureFailPoint,
  collStats,
  dbStats,
  validate,
  ...Object.values(sessions),
  ...Object.values(diagnostics).filter((one) => typeof one === 'object'),
  ...operations,
  ...refused,
  ...testCommands,
]

/** The names of the commands, each with whether it must be sent to the admin database. */
const listCommands: Command = {
  name: 'listCommands',
  run: () => ({
    commands: Object.fromEntries(
      [...commandTable.values()].map(({ name, adminOnly = false }) => [
        name,
        { help: '', requiresAuth: false, secondaryOk: true, adminOnly },
      ]),
    ),
  }),
}

/** Every command by each of its names. */
export const commandTable: ReadonlyMap<string, Command> = new Map(
  [...commands, listCommands].flatMap((command) =>
    [command.name, ...(command.aliases ?? [])].map((name): [string, Command] => [name, command]),
  ),
)
