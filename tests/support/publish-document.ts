import { createHash } from 'node:crypto'
import { writeTarball } from '@dcesop/sdk-plugin/package'

/** What an npm client PUTs to publish a library. @param files its contents; package.json needs none */
export async function publishDocument(
  name: string,
  version: string,
  files: Readonly<Record<string, string>> = {},
  tag = 'latest',
): Promise<object> {
  const all = Object.entries({ 'package.json': JSON.stringify({ name, version }), ...files })
  const tarball = await writeTarball(new Map(all.map(([path, text]) => [path, Buffer.from(text)])))
  const file = `${name}-${version}.tgz`
  const dist = {
    integrity: `sha512-${createHash('sha512').update(tarball).digest('base64')}`,
    shasum: createHash('sha1').update(tarball).digest('hex'),
    tarball: `http://localhost/${name}/-/${file}`,
  }
  const data = tarball.toString('base64')
  return {
    _id: name,
    name,
    'dist-tags': { [tag]: version },
    versions: { [version]: { name, version, _id: `${name}@${version}`, dist } },
    _attachments: { [file]: { content_type: 'application/octet-stream', data, length: tarball.length } },
  }
}
