// `npm run pack -w sdk-plugin [-- FOLDER]`: builds the package and packs it into FOLDER, sdk-plugin/dist when left out.
import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { buildPackage } from './build.ts'

const dist = path.resolve(import.meta.dirname, '../dist')
const [out = dist] = process.argv.slice(2)
const target = path.join(dist, 'package')
await buildPackage(target)
const { status } = spawnSync('npm', ['pack', target, '--pack-destination', path.resolve(out), '--silent'], {
  stdio: 'inherit',
})
process.exitCode = status ?? 1
