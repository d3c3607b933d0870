/** What a plugin's user interface may weigh, bytes of its scripts and styles after gzip: a page waits for them. */
export const uiBudget = {
  /** `remoteEntry.js`; an entry that only says what is exposed has about half of this. */
  entryBytes: 16 * 1024,
  /** All scripts and styles, the lazy ones included. */
  totalBytes: 256 * 1024,
} as const
