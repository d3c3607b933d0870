import path from 'node:path'

/** The project's root: everything else is found from here. */
export const root = path.resolve(import.meta.dirname, '../../..')

/** Node 24 from the `node` package, whatever Node started the script. */
export const node = path.join(root, 'node_modules/.bin/node')

export const bin = (name) => path.join(root, 'node_modules/.bin', name)
