// ESM-only packages are compiled to CommonJS with our own source: one module system under test, no VM flags.
const esmPackages = [
  'inversify',
  '@inversifyjs',
  'intl-messageformat',
  '@formatjs',
  'otpauth',
  '@noble',
  'p-limit',
  'yocto-queue',
  'reka-ui',
  '@internationalized',
  'lmdb',
  'ordered-binary',
  'single-spa',
  'canonicalize',
  'stream-json',
  'stream-chain',
]

/** @type {import('jest').Config} */
export default {
  rootDir: import.meta.dirname,
  testMatch: ['<rootDir>/**/*.spec.ts'],
  testPathIgnorePatterns: [
    '/node_modules/',
    '/dist/',
    '/sdk-plugin/templates/',
    '<rootDir>/partners/',
    '<rootDir>/tests/e2e/',
  ],
  modulePathIgnorePatterns: ['/dist/', '<rootDir>/.data/'],
  testEnvironment: 'node',
  transform: {
    '\\.(ts|m?js)$': [
      '@swc/jest',
      { jsc: { target: 'es2023', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } },
    ],
  },
  transformIgnorePatterns: [`/node_modules/(?!(${esmPackages.join('|')})/)`],
  // More than there are processors: many specs wait for processes that they started.
  maxWorkers: 3,
  // Specs start processes, and each start costs a worker the more the larger it has grown: fork(2) shares all of its pages.
  workerIdleMemoryLimit: '400MB',
  testSequencer: '<rootDir>/config/jest-sequencer.mjs',
  // A limit for what hangs, not for what is slow: a machine may be busy.
  testTimeout: 60_000,
}
