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
  dbHash: 'the dbHash command',
  filemd5: 'the filemd5 command',
  reIndex: 'the reIndex command (drop the index and create it again)',
  setFeatureCompatibilityVersion: 'a change of the feature compatibility version',
  setDefaultRWConcern: 'a change of the default read or write concern',
  enableSharding: 'sharding',
  shardCollection: 'sharding',
  createUser: 'user administration',
  dropUser: 'user administration',
  updateUser: 'user administration',
  grantRolesToUser: 'user administration',
  createRole: 'user administration',
  saslStart: 'authentication',
  authenticate: 'authentication',
  replSetInitiate: 'replica set administration',
  replSetStepDown: 'replica set administration',
  replSetFreeze: 'replica set administration',
  replSetReconfig: 'replica set administration',
  compact: 'the compact command (stop the server and use --compact)',
}

export const refused: readonly Command[] = Object.entries(FEATURES).map(([name, feature]) => ({
  name,
  run: () => {
    throw notImplemented(feature)
  },
}))
