/** Packages of ES modules only, compiled to CommonJS with our own source where it is not Node that loads them. */
const esmPackages = ['intl-messageformat', '@formatjs', 'reka-ui', '@internationalized', 'single-spa', 'canonicalize']

// What the command line says is held against its English; specs of other languages name them.
process.env.DCESOP_LANG = 'en'

const packages = '/node_modules/.*\\.[cm]?js$'
/** The server side's own, which keep nothing but caches; neither screens, nor what specs are written with, which speaks to Jest. */
const modules = '/(core|embedded-db|registry|sdk-plugin)/src/(?!(.*/)?(testing|ui)/)(?!.*\\.spec\\.ts$).*\\.ts$'
/** Node loads a module once for good, and who watches edits them. */
const native = process.argv.some((word) => word.startsWith('--watch')) ? packages : `${packages}|${modules}`

const typescript = {
  '\\.(ts|m?js)$': [
    '@swc/jest',
    { jsc: { target: 'es2023', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } },
  ],
}

const common = {
  rootDir: import.meta.dirname,
  modulePathIgnorePatterns: ['/dist/', '<rootDir>/.data/'],
}

const notHere = ['/node_modules/', '/dist/', '/sdk-plugin/templates/', '<rootDir>/partners/', '<rootDir>/tests/e2e/']
const browser = ['<rootDir>/shell/', '/ui/']

/** @type {import('jest').Config} */
export default {
  rootDir: import.meta.dirname,
  // More than there are processors: many specs wait for processes that they started.
  maxWorkers: 3,
  // Specs start processes, and each start costs a worker the more the larger it has grown: fork(2) shares all of its pages. Not less:
  // Jest ends a worker in the midst of the next spec, and begins that one anew.
  workerIdleMemoryLimit: '1GB',
  testSequencer: '<rootDir>/config/jest/sequencer.mjs',
  // A limit for what hangs, not for what is slow: a machine may be busy.
  testTimeout: 60_000,
  projects: [
    {
      ...common,
      displayName: 'node',
      testMatch: ['<rootDir>/**/*.spec.ts'],
      testPathIgnorePatterns: [...notHere, ...browser],
      testEnvironment: '<rootDir>/config/jest/one-realm.mjs',
      runtime: '<rootDir>/config/jest/one-runtime.mjs',
      transform: { [native]: '<rootDir>/config/jest/native.mjs', ...typescript },
      transformIgnorePatterns: [],
      // The product's modules import it, which is not what a `require` finds: specs make values for them.
      moduleNameMapper: { '^bson$': '<rootDir>/node_modules/bson/lib/bson.node.mjs' },
    },
    {
      ...common,
      displayName: 'browser',
      testMatch: ['<rootDir>/shell/**/*.spec.ts', '<rootDir>/**/ui/**/*.spec.ts'],
      testPathIgnorePatterns: notHere,
      testEnvironment: 'node',
      transform: typescript,
      transformIgnorePatterns: [`/node_modules/(?!(${esmPackages.join('|')})/)`],
    },
  ],
}
