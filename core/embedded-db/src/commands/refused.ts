import { notImplemented } from '../errors.ts'
import type { Command } from './command.ts'

/** Commands of a MongoDB server that are known and not offered here. */
const FEATURES: Record<string, string> = {
  mapReduce: 'mapReduce',
  geoSearch: 'geoSearch',
  createSearchIndexes: 'an Atlas search index',
  dropSearchIndex: 'an Atlas search index',
  updateSearchIndex: 'an Atlas search index',
  cloneCollectionAsCapped: 'cloneCollectionAsCapped',
  convertToCapped: 'convertToCapped',
  enableSharding: 'sharding',
  shardCollection: 'sharding',
  createUser: 'user administration',
  usersInfo: 'user administration',
  createRole: 'user administration',
  saslStart: 'authentication',
  authenticate: 'authentication',
  replSetInitiate: 'replica set administration',
  replSetReconfig: 'replica set administration',
  compact: 'the compact command (stop the server and use --compact)',
}

export const refused: readonly Command[] = Object.entries(FEATURES).map(([name, feature]) => ({
  name,
  run: () => {
    throw notImplemented(feature)
  },
}))
