import mongoose from 'mongoose'
import { MongoPlatform } from '../../../data/platform.ts'
import type { DataPlatform } from '../../../ports.ts'
import type { Init } from '../protocol.ts'

const poolSize = 20

/** The plugin's way to its data; one that goes nowhere when the manifest declares none, so that names are still checked. */
export async function openData({ data, key }: Init): Promise<DataPlatform> {
  if (data) return MongoPlatform.connect({ ...data, appName: key, poolSize })
  const nowhere = mongoose.createConnection()
  return { core: nowhere, regions: [], region: () => nowhere }
}
