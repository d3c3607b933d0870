/** The walls between folders (docs/architecture.md): a breach fails CI. */
module.exports = {
  forbidden: [
    {
      name: 'core-knows-no-plugin',
      comment: 'The host starts with no plugin at all; plugins come as packages.',
      severity: 'error',
      from: { path: '^core/' },
      to: { path: '^(plugins|shell)/' },
    },
    {
      name: 'plugin-imports-only-the-sdk',
      comment: 'Plugins meet through capabilities, events and extension points.',
      severity: 'error',
      from: { path: '^plugins/([^/]+)/', pathNot: '\\.spec\\.ts$|/testing[./]' },
      to: { path: '^(core|shell|registry|plugins|tests|config)/', pathNot: '^plugins/$1/' },
    },
    {
      name: 'plugin-specs-may-start-a-database',
      comment: 'Specs use the real embedded database, and nothing else of the core.',
      severity: 'error',
      from: { path: '^plugins/([^/]+)/.*(\\.spec\\.ts$|/testing[./])' },
      to: { path: '^(core|shell|registry|plugins|tests|config)/', pathNot: ['^plugins/$1/', '^core/embedded-db/'] },
    },
    {
      name: 'plugin-uses-the-sdk-by-its-doors',
      severity: 'error',
      from: { path: '^plugins/' },
      to: {
        path: '^sdk-plugin/src/',
        pathNot:
          '^sdk-plugin/src/(backend|contracts|i18n|manifest|package|testing|ui|build)/index\\.ts$|^sdk-plugin/src/ui/styles/index\\.css$',
      },
    },
    {
      name: 'plugin-never-imports-reka',
      comment: 'The component library can be replaced behind the SDK.',
      severity: 'error',
      from: { path: '^(plugins|shell)/' },
      to: { path: 'node_modules/reka-ui' },
    },
    {
      name: 'sdk-stands-alone',
      severity: 'error',
      from: { path: '^sdk-plugin/' },
      to: { path: '^(core|shell|registry|plugins|tests|config)/' },
    },
    {
      name: 'embedded-db-stands-alone',
      severity: 'error',
      from: { path: '^core/embedded-db/' },
      to: { path: '^(core/src|sdk-plugin|shell|registry|plugins|tests|config)/' },
    },
    {
      name: 'core-uses-the-engine-over-the-wire',
      comment: 'The engine is a process with a URI; only specs start it in theirs.',
      severity: 'error',
      from: { path: '^core/src/', pathNot: ['\\.spec\\.ts$', '/testing/'] },
      to: { path: '^core/embedded-db/' },
    },
    {
      name: 'shell-imports-only-the-sdk',
      severity: 'error',
      from: { path: '^shell/' },
      to: { path: '^(core|registry|plugins|tests|config)/' },
    },
    {
      name: 'registry-imports-only-the-sdk',
      comment: 'The registry runs alone; its database is a process with a URI.',
      severity: 'error',
      from: { path: '^registry/src/', pathNot: ['\\.spec\\.ts$', '/testing/'] },
      to: { path: '^(core|shell|plugins|tests|config)/' },
    },
    {
      name: 'hosts-use-the-sdk-by-its-doors',
      comment: 'What is behind a door may change with it.',
      severity: 'error',
      from: { path: '^(core|shell|registry)/' },
      to: { path: '^sdk-plugin/src/', pathNot: '^sdk-plugin/src/((internal/)?[^/]+/index\\.ts|ui/styles/.*\\.css)$' },
    },
    {
      name: 'plugin-ui-and-server-meet-over-http',
      comment: 'They run in different programs; what both know is a type or a JSON file.',
      severity: 'error',
      from: { path: '^plugins/([^/]+)/ui/' },
      to: { path: '^plugins/$1/server/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'plugin-server-knows-no-ui',
      severity: 'error',
      from: { path: '^plugins/([^/]+)/server/' },
      to: { path: ['^plugins/$1/ui/', '^sdk-plugin/src/ui/'] },
    },
    {
      name: 'sdk-for-browsers-knows-no-server',
      comment: 'Else Node modules would end in the shell.',
      severity: 'error',
      from: { path: '^sdk-plugin/src/(ui|i18n|contracts)/', pathNot: '\\.spec\\.ts$|/test-server\\.ts$' },
      to: {
        path: '^sdk-plugin/src/(host|http|internal|testing|package|build|cli)/',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'packed-sdk-knows-nothing-internal',
      comment: 'Partners get no internal folder: what imports from it would not start there.',
      severity: 'error',
      from: { path: '^sdk-plugin/', pathNot: '^sdk-plugin/src/internal/' },
      to: { path: '^sdk-plugin/src/internal/' },
    },
    {
      name: 'only-tests-import-test-code',
      severity: 'error',
      from: { pathNot: '\\.spec\\.ts$|/testing[./]|^tests/|/test-server\\.ts$' },
      to: { path: '/testing[./]|^tests/' },
    },
    {
      name: 'nothing-imports-a-spec',
      severity: 'error',
      from: {},
      to: { path: '\\.spec\\.ts$' },
    },
    {
      name: 'no-unknown-import',
      severity: 'error',
      // A template is put together from several folders when it is written; the compiler knows of that (`rootDirs`).
      from: { pathNot: '^sdk-plugin/templates/' },
      to: { couldNotResolve: true },
    },
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|\\.data)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default'],
      extensions: ['.ts', '.vue', '.mjs', '.js', '.json'],
    },
  },
}
