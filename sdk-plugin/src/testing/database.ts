/** A server that speaks MongoDB's wire protocol. */
export interface TestDatabase {
  readonly uri: string
  stop(): Promise<void>
}

/**
 * Where a test host finds its data: the URI of a server that runs already, or what starts one, for example
 * `() => startEmbedded({ memory: true, durability: 'none', port: 0 })` of `@dcesop/embedded-db`.
 */
export type TestDatabaseSource = string | (() => Promise<TestDatabase>)

/** The one place where a test host gets its server: `MONGODB_URI`, if set, stands in for a server that it would start. */
export async function openTestDatabase(source: TestDatabaseSource): Promise<TestDatabase> {
  const uri = typeof source === 'string' ? source : process.env['MONGODB_URI']
  if (uri === undefined || uri === '') return (source as () => Promise<TestDatabase>)()
  return { uri, stop: async () => {} }
}
