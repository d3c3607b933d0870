import { uiBudget } from '@dcesop/sdk-plugin/contracts'

/** What the browser got of one version's scripts and styles so far, bytes as sent. */
export interface LoadedSize {
  readonly entryBytes: number
  readonly totalBytes: number
  readonly overBudget: boolean
}

/** Bytes as sent by path; a file that came from the cache counts as when it was sent. */
export type LoadedFiles = ReadonlyMap<string, number>

type Timing = Pick<PerformanceResourceTiming, 'name' | 'encodedBodySize'>

/** Notes every file of plugins that this page loads: the browser's own list ends after 250 requests of any kind. */
export function watchLoadedFiles(): LoadedFiles {
  const files = new Map<string, number>()
  const observer = new PerformanceObserver((list) => addFiles(files, list.getEntries() as PerformanceResourceTiming[]))
  observer.observe({ type: 'resource', buffered: true })
  return files
}

export function addFiles(files: Map<string, number>, timings: readonly Timing[]): void {
  for (const { name, encodedBodySize } of timings) {
    const { pathname } = new URL(name)
    if (/^\/ui\/.*\.(js|css)$/.test(pathname)) files.set(pathname, Math.max(encodedBodySize, files.get(pathname) ?? 0))
  }
}

/** @param baseUrl directory of the version, as in the feed */
export function loadedSize(baseUrl: string, files: LoadedFiles): LoadedSize {
  const own = [...files].filter(([path]) => path.startsWith(baseUrl))
  const entryBytes = files.get(`${baseUrl}remoteEntry.js`) ?? 0
  const totalBytes = own.reduce((sum, [, bytes]) => sum + bytes, 0)
  const overBudget = entryBytes > uiBudget.entryBytes || totalBytes > uiBudget.totalBytes
  return { entryBytes, totalBytes, overBudget }
}
