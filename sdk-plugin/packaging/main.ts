// `npm run pack -w sdk-plugin [-- FOLDER]`: builds the package and packs it into FOLDER, sdk-plugin/dist when left out.
import { execFileSync } from 'node:child_process'
import { mkdirSync, renameSync } from 'node:fs'
import path from 'node:path'
import { buildPackage } from './build.ts'

const dist = path.resolve(import.meta.dirname, '../dist')
const [out = dist] = process.argv.slice(2)
const target = path.join(dist, 'package')
await buildPackage(target)
const stdio = ['ignore', 'pipe', 'inherit'] as const
const name = String(
  execFileSync('npm', ['pack', target, '--pack-destination', target, '--silent'], { stdio: [...stdio] }),
).trim()
// In one step: somebody may be reading the one before.
mkdirSync(path.resolve(out), { recursive: true })
renameSync(path.join(target, name), path.join(path.resolve(out), name))
console.log(name)
