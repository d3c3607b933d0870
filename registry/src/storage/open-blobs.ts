import { join } from 'node:path'
import type { DataConfig } from '../config/config.ts'
import type { Blobs } from './blobs.ts'
import type { Database } from './database.ts'
import { FileBlobs } from './file-blobs.ts'
import { GridFsBlobs } from './gridfs-blobs.ts'

/** The configured storage of tarballs. */
export async function openBlobs(config: DataConfig, database: Database): Promise<Blobs> {
  if (config.blobs === 'gridfs') return new GridFsBlobs(database.db)
  return FileBlobs.open(join(config.directory, 'blobs'))
}
