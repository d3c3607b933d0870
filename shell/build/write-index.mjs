import { createHash } from 'node:crypto'
import { readFile, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

const sha384 = (bytes) => `sha384-${createHash('sha384').update(bytes).digest('base64')}`

/**
 * Writes `index.html` from the template: entry files with integrity, and the integrity of every lazy file in
 * `<meta name="dcesop-assets">`, where the boot script reads it.
 * @param {{ template: string, dist: string, boot: string[], styles: string[], scripts: string[] }} options names below `dist`
 */
export async function writeIndex({ template, dist, boot, styles, scripts }) {
  const names = (await readdir(join(dist, 'assets')))
    .filter((name) => /\.(js|css)$/.test(name))
    .map((name) => `assets/${name}`)
  const integrity = Object.fromEntries(
    await Promise.all(names.sort().map(async (name) => [name, sha384(await readFile(join(dist, name)))])),
  )
  const attributes = (name) => `integrity="${integrity[name]}" crossorigin="anonymous"`
  const parts = {
    assets: JSON.stringify(integrity).replaceAll('"', '&quot;'),
    boot: boot.map((name) => `<script src="/${name}" ${attributes(name)}></script>`).join('\n    '),
    styles: styles.map((name) => `<link rel="stylesheet" href="/${name}" ${attributes(name)}>`).join('\n    '),
    scripts: scripts.map((name) => `<script defer src="/${name}" ${attributes(name)}></script>`).join('\n    '),
  }
  const html = (await readFile(template, 'utf8')).replace(/%(\w+)%/g, (_, part) => parts[part])
  await writeFile(join(dist, 'index.html'), html)
}
