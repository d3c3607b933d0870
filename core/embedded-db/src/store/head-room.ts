import { closeSync, fstatSync, openSync, write, writeSync } from 'node:fs'
import { promisify } from 'node:util'

/** What a file grows by: an eighth of itself, so that a small one stays small and a large one seldom grows. */
const SHARE = 8
const LEAST_BYTES = 256 * 1024
const MOST_BYTES = 8 * 1024 * 1024
/** Linux keeps what is written at once together, and walks over all of that for each page of it that changes later. */
const ZEROS = Buffer.alloc(64 * 1024)
const writeLater = promisify(write)
/** LMDB's header of an entry, and the entry's place in its page (mdb.c, MDB_node). */
const ENTRY_BYTES = 16
/** More pages than this change only where neighbours change together, and they share pages: a bound for what is written ahead. */
const MOST_CHANGED = 2048
/** Pages of the branches on the way, of the list of free pages, and of the entry that grew past its page. */
const OTHER_PAGES = 64

/** How far LMDB has used its file. */
export interface Used {
  readonly pages: number
  readonly pageSize: number
}

/**
 * Room at the end of the data file that is written already, so that the pages of a commit never meet a full disk, a quota or a
 * limit: LMDB's binding (3.5.6) words a refused write into a buffer that is too small for it, and the process would die of it.
 * On a file system that copies on write, a full disk can still refuse.
 */
export class HeadRoom {
  private readonly handle: number
  private readonly used: () => Used
  private size: number
  /** The most that LMDB can have used since it was last asked, which costs as much as writing several pages. */
  private reach: Used = { pages: Number.POSITIVE_INFINITY, pageSize: 1 }

  /** @param file of LMDB, which exists; @param used as of the last commit */
  constructor(file: string, used: () => Used) {
    this.handle = openSync(file, 'r+')
    this.used = used
    this.size = fstatSync(this.handle).size
  }

  /**
   * Makes room for a commit that changes so many entries of so many bytes, at once.
   * @throws the system's error where there is none; what room there is stays for smaller commits
   */
  ensure(entries: number, bytes: number): void {
    const needed = this.missing(entries, bytes)
    if (needed === undefined) return
    const end = this.endFor(needed)
    try {
      while (this.size < end) this.size += writeSync(this.handle, ZEROS, 0, this.lengthTo(end), this.size)
    } catch (error) {
      this.settle(needed, error)
    }
  }

  /**
   * The same beside other work: megabytes take the disk longer than a request may wait for its turn. Undefined where there is room;
   * nothing may be committed meanwhile, as what it wrote could be written over.
   */
  prepare(entries: number, bytes: number): Promise<void> | undefined {
    const needed = this.missing(entries, bytes)
    return needed === undefined ? undefined : this.extend(needed)
  }

  close(): void {
    closeSync(this.handle)
  }

  private async extend(needed: number): Promise<void> {
    const end = this.endFor(needed)
    try {
      while (this.size < end)
        this.size += (await writeLater(this.handle, ZEROS, 0, this.lengthTo(end), this.size)).bytesWritten
    } catch (error) {
      this.settle(needed, error)
    }
  }

  /** Where the file has to end, unless it does. */
  private missing(entries: number, bytes: number): number | undefined {
    if (endOf(this.reach, entries, bytes) > this.size) this.reach = this.used()
    const needed = endOf(this.reach, entries, bytes)
    const { pageSize } = this.reach
    // What a large commit takes is estimated, so that LMDB is asked after it.
    const pages = entries > MOST_CHANGED ? Number.POSITIVE_INFINITY : Math.ceil(needed / pageSize)
    this.reach = { pages, pageSize }
    return needed <= this.size ? undefined : needed
  }

  private endFor(needed: number): number {
    // LMDB may have written further than was reckoned with.
    this.size = fstatSync(this.handle).size
    return needed + Math.min(Math.max(this.size / SHARE, LEAST_BYTES), MOST_BYTES)
  }

  private lengthTo(end: number): number {
    return Math.min(ZEROS.length, Math.ceil(end - this.size))
  }

  /** Short of the step alone, this commit has its room, and a later one is told. */
  private settle(needed: number, error: unknown): void {
    if (this.size < needed) throw error
  }
}

/** How far a commit reaches at most: it copies each page that it changes, of which there are no more than the file has, and may split each once. */
function endOf({ pages, pageSize }: Used, entries: number, bytes: number): number {
  const changed = Math.min(entries, pages, MOST_CHANGED)
  return pages * pageSize + 2 * (bytes + ENTRY_BYTES * entries) + (2 * changed + OTHER_PAGES) * pageSize
}
