// `npm run api -w sdk-plugin`: writes the public surface into sdk-plugin/api; look at the difference before it is committed.
import { mkdir, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { apiReport } from './api-report.ts'
import { buildPackage } from './build.ts'

const built = path.resolve(import.meta.dirname, '../dist/package')
const folder = path.resolve(import.meta.dirname, '../api')
await buildPackage(built)
await rm(folder, { recursive: true, force: true })
await mkdir(folder)
for (const [name, text] of await apiReport(built)) await writeFile(path.join(folder, name), text)
