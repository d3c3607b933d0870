import {
  type BundledPackage,
  type BundleIndex,
  bundlePaths,
  type LogProof,
  type Snapshot,
  tarballPath,
} from '@dcesop/sdk-plugin/signing'
import { Problem } from '@dcesop/sdk-plugin'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import tar, { type Pack } from 'tar-stream'
import type { TransparencyLog } from '../../trust/log/transparency-log.ts'
import { proofOfPublish } from './log-proof.ts'
import { findVersion, type FoundVersion } from '../../governance/find-version.ts'
import { addRoute } from '../../http/json-route.ts'
import type { Routes } from '../../http/server.ts'
import type { Blobs } from '../../storage/blobs.ts'
import type { Database } from '../../storage/database.ts'
import type { RegistryKeys } from '../../trust/keys/registry-keys.ts'
import type { Snapshots } from '../../trust/snapshot/snapshots.ts'

export interface BundleRoutesDeps {
  readonly database: Database
  readonly blobs: Blobs
  readonly keys: RegistryKeys
  readonly log: TransparencyLog
  readonly snapshots: Snapshots
}

const body = {
  type: 'object',
  additionalProperties: false,
  required: ['plugins'],
  properties: {
    plugins: {
      type: 'array',
      minItems: 1,
      maxItems: 200,
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['plugin', 'version'],
        properties: { plugin: { type: 'string', maxLength: 214 }, version: { type: 'string', maxLength: 128 } },
      },
    },
  },
}

function isListed({ packages }: Snapshot, { package: name, version }: FoundVersion['version']): boolean {
  return packages[name]?.versions[version]?.state === 'listed'
}

/** Everything that an instance without a network needs for a set of versions, as one tar archive; a resolve says which those are. */
export function bundleRoutes({ database, blobs, keys, log, snapshots }: BundleRoutesDeps): Routes {
  return (server) => {
    addRoute(server, {
      method: 'POST',
      path: '/-/dcesop/v1/bundle',
      access: 'signed-in',
      reading: true,
      body,
      async handler(call, h) {
        const { plugins } = call.body as { plugins: readonly { plugin: string; version: string }[] }
        const found: FoundVersion[] = []
        for (const { plugin, version } of plugins) found.push(await findVersion(database, plugin, version))
        const { envelope, snapshot } = await snapshots.current()
        // By what is signed: whoever opens the bundle refuses it for a version that is not listed there.
        const unlisted = found.find(({ version }) => !isListed(snapshot, version))
        if (unlisted)
          throw new Problem(409, 'conflict', `${unlisted.version._id} is yanked, or not what the log tells.`)
        const different = [...new Map(found.map((one) => [one.version._id, one])).values()]
        const packages: BundledPackage[] = []
        for (const one of different)
          packages.push(bundled(one, await proofOfPublish(log, one.version._id, snapshot.logSize)))
        const archive = tar.pack()
        const json = (path: string, value: object) => archive.entry({ name: path }, JSON.stringify(value))
        const index: BundleIndex = { format: 1, packages }
        json(bundlePaths.index, index)
        json(bundlePaths.keys, keys.envelope)
        json(bundlePaths.snapshot, envelope)
        // An error ends the archive, and with it the answer, before its end.
        void addTarballs(archive, different, blobs).catch((error: Error) => archive.destroy(error))
        return h
          .response(Readable.from(archive, { objectMode: false }))
          .type('application/x-tar')
          .header('content-disposition', 'attachment; filename="plugins.dcesop-bundle.tar"')
      },
    })
  }
}

async function addTarballs(archive: Pack, versions: readonly FoundVersion[], blobs: Blobs): Promise<void> {
  for (const { version } of versions) {
    const entry = archive.entry({ name: tarballPath(version.dist.integrity), size: version.size })
    await pipeline(await blobs.open(version.blob), entry)
  }
  archive.finalize()
}

function bundled({ version, governance }: FoundVersion, log: LogProof): BundledPackage {
  const { package: name, version: number, dist, publishedAt } = version
  const approvals = governance.regions.flatMap(({ region, attestation }) =>
    attestation ? [[region, attestation]] : [],
  )
  return {
    name,
    version: number,
    integrity: dist.integrity,
    signatures: dist.signatures ?? [],
    publishedAt: publishedAt.toISOString(),
    approvals: Object.fromEntries(approvals) as BundledPackage['approvals'],
    log,
  }
}
