import { enableCompileCache, flushCompileCache } from 'node:module'
import path from 'node:path'

// Without it each start strips and compiles some three hundred files anew.
enableCompileCache(path.join(import.meta.dirname, '../../../node_modules/.cache/embedded-db'))
await import('./command-line.ts')
// A process that is killed would leave nothing.
flushCompileCache()
