/** What `dcesop` says. Words in capitals stand for what the author types. */
export const en = {
  usage: `dcesop: build, try, check and publish a DCESOP plugin

  dcesop new DIR       [--template page|panel|backend|integration] [--id ID] [--publisher NAME] [--sdk RANGE]
  dcesop dev   [DIR]   [--host URL]; build, watch, and show it in a running shell, to its author alone
  dcesop build [DIR]   bundle backend and remote into DIR/dist
  dcesop test  [DIR]   [--only NAME] [--watch]; run its specs on the SDK's test host
  dcesop test  [DIR]   -- PROGRAM …; the same with another runner, such as: -- npx jest, -- npx vitest run
  dcesop check [DIR]   [--json]; manifest, catalogues, user interface
  dcesop explain RULE  why a rule refuses, and what to do; of a FIELD such as ui, what it may be
  dcesop contracts [DIR]  [--registry URL]; fetch what consumers rely on into DIR/consumers, for its specs
  dcesop pack  [DIR]   [--out DIR] [--key FILE.pem]; build, check, and write ID-VERSION.tgz

  dcesop update [DIR]  [--dry-run]; change the sources as this SDK needs them

  dcesop keygen [FILE.pem]        a publisher's key, publisher.pem when left out
  dcesop register-key FILE.pem    --publisher NAME [--registry URL] [--before OLD.pem]
  dcesop publish [DIR]            --key FILE.pem [--registry URL] [--tag TAG]; pack, sign, npm publish
  dcesop verify FILE              [--keys pinned.json|key.pem] [--registry URL] [--max-age-days N]; a .tgz or a bundle
  dcesop yank NAME@VERSION        --class withdrawn|defect|security|legal --reason TEXT [--deadline TIME] [--registry URL]
                                  --undo --reason TEXT takes it back
  dcesop incidents [PLUGIN]       [--registry URL] [--json]; what hosts reported of its versions

  dcesop --version

DIR is the folder with dcesop.plugin.json; default is the current one. DCESOP_LANG=es|pt-BR|en chooses the language.`,
  'main.unknown':
    '"{name}" is not a command.{meant, select, none {} other { Did you mean {meant}?}} dcesop --help tells all.',
  'main.word': '"{word}" is one word too many.',
  'main.option': '{word} is none of its options. Did you mean {meant}?',
  'main.options': '{word} is none of its options. There are: {all}.',
  'main.value': '{option} needs a value.',
  'main.noValue': '{option} takes no value.',
  'main.more': 'More: dcesop explain {rule} (docs/rules/{rule}.md)',
  'system.missing': 'There is no {path}.',
  'system.program': 'The program "{path}" is not there.',
  'system.denied': '{path} may not be touched ({code}).',
  'system.exists': '{path} is there already.',
  'system.folder': '{path} is a file where a folder is needed.',
  'system.file': '{path} is a folder where a file is needed.',
  'system.full': 'There is no room left to write {path}.',
  'registry.unnamed': 'Name the registry with --registry URL.',
  'registry.access': 'Name the registry with --registry URL, and sign in: npm login --registry URL',
  'registry.address': '"{named}" is no address of a registry; one begins with https:// or http://.',
  'registry.token': 'The registry does not take the token in .npmrc (401). Sign in anew: npm login --registry {url}/',
  'registry.refused': 'The registry refused ({status}): {sentence}',
  'registry.noJson': '{url} does not answer like a registry: there is no JSON object at {path}.',
  'registry.away': 'The registry does not answer at {url}: {why}.',
  'registry.late':
    'The registry does not answer at {url}: nothing came within {seconds, plural, one {# second} other {# seconds}}.',
  'registry.proxy': 'Set NODE_USE_ENV_PROXY=1 to go through {proxy}.',
  'network.ECONNREFUSED': 'nobody listens there',
  'network.ENOTFOUND': 'no such name is known',
  'network.EAI_AGAIN': 'the name could not be looked up',
  'network.ECONNRESET': 'the connection broke off',
  'network.ETIMEDOUT': 'it takes too long',
  'network.EHOSTUNREACH': 'no way leads there',
  'network.ENETUNREACH': 'no way leads there',
  'network.UND_ERR_CONNECT_TIMEOUT': 'it takes too long',
  'network.UND_ERR_SOCKET': 'the connection broke off',
  'network.DEPTH_ZERO_SELF_SIGNED_CERT': 'its certificate is signed by itself alone',
  'network.SELF_SIGNED_CERT_IN_CHAIN': 'its certificate leads to a root that Node does not know',
  'network.UNABLE_TO_VERIFY_LEAF_SIGNATURE': 'its certificate leads to a root that Node does not know',
  'network.UNABLE_TO_GET_ISSUER_CERT_LOCALLY': 'its certificate leads to a root that Node does not know',
  'network.CERT_HAS_EXPIRED': 'its certificate has expired',
  'network.ERR_SSL_WRONG_VERSION_NUMBER': 'what answers speaks no TLS; try http://',
  'network.ERR_TLS_CERT_ALTNAME_INVALID': 'its certificate is for another name',
  'build.done': 'built {id} {version}',
  'build.install': 'Install it, such as with "npm install {name}": it becomes part of dist/server.cjs.',
  'build.config': '{file} must export a function by default: (build: UiBuild) => webpack.Configuration.',
  'check.none': 'no findings',
  'explain.unknown': '"{rule}" is no rule of the SDK; a registry tells its own on its pages. Did you mean {meant}?',
  'explain.known': '"{rule}" is no rule of the SDK; a registry tells its own on its pages. There are:\n\n{all}',
  'explain.unnamed': 'Name a rule: dcesop explain RULE. There are:\n\n{all}',
  'explain.rule': '{rule}, applied {when}\n\n{refuses}\n\nWhy: {why}\n\nWhat to do: {mend}',
  'contracts.done': '{count, plural, =0 {no contracts} one {# contract} other {# contracts}} of consumers in {folder}',
  'contracts.other': '{url} does not list contracts; is it a DCESOP registry?',
  'pack.done': 'packed {file} ({kib} KiB)',
  'key.make': '"dcesop keygen" makes a key.',
  'key.public':
    '{file} is the public half of a key, which signs nothing. Give the private one that dcesop keygen wrote.',
  'key.none': '{file} is no private key of a publisher: it holds none in PEM form.',
  'key.locked': '{file} is locked with a passphrase, which this command cannot ask for.',
  'key.algorithm': '{file} is no private key of a publisher: a publisher signs with an Ed25519 key.',
  'key.unpinned': '{file} holds no public keys: {why}',
  'key.unpinnedMembers': '{file} holds no public keys: neither "root" nor "publishers" has one',
  'update.nothing': '{id}: nothing to change',
  'update.0001-name-the-manifest-schema': 'The manifest names its schema, so that editors complete its fields.',
  'update.0002-name-the-installed-schema':
    'The manifest names the schema of the SDK that is installed, which editors find without a network.',
  'update.upToDate': 'up to date',
  'update.dry': 'nothing was written',
  'update.done': 'done; the record is dcesop.update.json',
  'keygen.done':
    'key {key}\n\n  {file}  keep it secret; it signs your packages\n  {publicFile}  may be given to anybody',
  'keygen.exists': '{file} exists already, and may be the only copy of a registered key. Name another file.',
  'registerKey.usage': 'Name the key and its publisher: dcesop register-key FILE.pem --publisher NAME --registry URL',
  'registerKey.other': '{url} does not say that it registered {key}.',
  'registerKey.waits': 'registered {key}; it counts once an administrator of the registry has verified it',
  'registerKey.replaces': 'registered {key} in place of the key before',
  'publish.unsigned': 'Give --key FILE.pem. Only a registry for trying things out takes a package with --unsigned.',
  'publish.started': 'publishing {name}@{version} to {registry}',
  'publish.name': 'The name in package.json must be "{form}".',
  'publish.registry': 'Name the registry with --registry URL, or as "{scope}:registry=URL" in .npmrc.',
  'publish.token': 'There is no token for {url} in .npmrc: npm login --registry {url}/',
  'publish.there':
    '{name}@{version} is published already, and stays as it is. Raise "version" in dcesop.plugin.json and package.json.',
  'verify.unnamed': 'Name the file: dcesop verify FILE, a .tgz or a bundle.',
  'verify.days': '--max-age-days takes a number of days.',
  'verify.bundleKeys': 'A bundle is checked against the root key that you pinned: give --keys.',
  'verify.registryKeys': 'A registry is believed by the root key that you pinned: give --keys.',
  'verify.verified': 'verified',
  'verify.open': 'not verified',
  'verify.failed': 'FAILED',
  'verify.noRegistry': 'registry: its signature and approvals are not in a tarball; give --registry, or a bundle',
  'verify.keyList': 'keys: list {version} is signed by the pinned root',
  'verify.snapshot': 'snapshot: number {number} of {issuedAt}',
  'verify.listed': 'snapshot: number {number} of {issuedAt} lists these bytes',
  'verify.unlisted': 'snapshot: number {number} does not list these bytes ({why})',
  'verify.unknown': 'unknown',
  'verify.bundled':
    '{name}@{version}: signed by the registry, listed in the snapshot, {regions, select, none {approved for no region} other {approved for {regions}}}',
  'verify.bundle': 'bundle: {why} ({code})',
  'verify.registry': 'registry: {why} ({code})',
  'verify.rootHint': 'registry: {why} ({code}); --keys names the root key of this registry',
  'verify.registryAway': 'registry: {why}',
  'verify.signedBy': 'registry: {name}@{version} is signed by {key}',
  'verify.content':
    '{id} {version}, sha512 {sha512}…: {files, plural, one {# file} other {# files}}, each as its list says, nothing that is refused',
  'verify.unsigned': 'publisher: the package is not signed',
  'verify.claimed': 'publisher: signed by {keys}; give --keys to check it',
  'verify.signers': 'publisher: signed by {keys}',
  'verify.noPinned': 'publisher: none of {keys} is a key that you pinned, or the signature does not fit',
  'verify.noKnown':
    'publisher: none of {keys} is a key of {scope} that an administrator of the registry has verified, or the signature does not fit',
  'refusal.unknown_version': 'There is no version {version} of {name}.',
  'refusal.unknown_package': 'There is no package {name}.',
  'refusal.not_owner': 'Its publisher and administrators do this.',
  'refusal.deadline_over': "The deadline {deadline} is over (the registry's clock says {now}).",
  'refusal.yank_of_class': 'Only administrators yank for class {kind}.',
  'refusal.restore_of_class': 'Only administrators take a yank of class {kind} back.',
  'refusal.yanked_for': 'It is yanked for class {kind} already.',
  'refusal.not_yanked': 'It is not yanked.',
  'refusal.yanked_for_ever': 'What was yanked for security never comes back: publish a new version.',
  'refusal.no_channel': 'There is no channel {channel}; there are: {channels}.',
  'refusal.in_channel': '{version} is in channel {channel} already.',
  'refusal.moved_yanked': '{version} is yanked.',
  'yank.usage': 'dcesop yank NAME@VERSION --class {classes} --reason TEXT [--deadline TIME], or with --undo',
  'yank.reason': 'Say why with --reason TEXT; who installed it reads that.',
  'yank.undoAlone': '--undo takes a --reason alone.',
  'yank.noClass': 'Say what kind it is with --class: {classes}.',
  'yank.class': '--class {kind} is none of {classes}.',
  'yank.deadline': '--deadline {deadline} is no time such as 2026-12-24T18:00:00Z.',
  'yank.version': 'Name the version, such as @acme/dcesop-radio@1.0.0.',
  'yank.undone': '{name}@{version} is offered again',
  'yank.done': '{name}@{version} is yanked ({kind})',
  'incidents.unnamed': 'Name the plugin, or call it in the folder of one: dcesop incidents [PLUGIN]',
  'incidents.other': '{url} does not list incidents; is it a DCESOP registry?',
  'incidents.none': '{name}: no host reported anything in the last 90 days',
  'incidents.version': 'VERSION',
  'incidents.times': 'TIMES',
  'incidents.last': 'LAST',
  'incidents.what': 'WHAT HAPPENED',
  'incidents.at': 'AT',
  'incidents.host': 'HOST',
  'incidents.kind': 'KIND',
  'incident.process_ended': 'quarantine: its process ended too often',
  'incident.start_interrupted': 'not started again: the host stopped while it started',
  'incident.canary_errors': 'trial taken back: too many requests failed',
  'incident.canary_slow': 'trial taken back: slower than its budget',
  'incident.canary_screens': 'trial taken back: its screens failed',
  'incident.screens_failed': 'screens off for somebody: they failed again and again',
  'incident.killed': 'killed by two administrators',
  'new.folder': 'Name the folder of the new plugin.',
  'new.template': 'There is no template "{template}"; there are {templates}.',
  'new.id': '"{id}" is no plugin id: lower case, digits and single hyphens, at most 40 characters. Give one with --id.',
  'new.publisher': '"{publisher}" is no npm scope: lower case, digits, ".", "_" and "-". Give yours with --publisher.',
  'new.notEmpty': '{folder} is not empty.',
  'new.done': 'wrote {folder} ({template}). Next:\n\n  {next}',
  'test.runner': 'Name the runner behind "--", and what it shall run behind its name: -- npx jest server.',
  'test.only': 'No test has a name with "{only}".',
  'test.sdk':
    'The SDK is not installed in {folder}, nor above it. Run there what installs packages, such as: npm install',
  'test.none': 'There is no *.spec.ts below {folder}.',
  'test.kept': 'kept: the contract of {consumer} on {capability} ({digest})',
  'test.standIn':
    "not recorded: the contract of {consumer} on {capability} ran against a stand-in. Give verifyContract what host.capability(''{capability}'') of a test host answers.",
  'dev.address': '"{host}" is no address of a host; one begins with https:// or http://.',
  'dev.noHost': 'There is no host at {host} ({why}). Name one with --host URL, or in DCESOP_HOST.',
  'dev.signIn': 'Sign in at {host}, open {page} and type {code}',
  'dev.connected': 'connected to the session of {owner}; others see nothing. Ctrl-C ends it.',
  'dev.shows': 'shows {id} {version} ({seconds, number, ::.0} s)',
  'dev.away': 'The host does not answer any more ({why}).',
  'dev.noJson': 'what answers is no host: it sent no JSON',
  'dev.otherServer': 'what answers is no host: it has no /api/dev/sessions',
  'dev.refused': 'The host answered {status}.',
  'problem.dev_overrides_off': 'This host takes no plugins in development.',
  'problem.dev_session_over': 'This development session is over.',
  'problem.package_refused': 'The package does not pass the checks.',
  'problem.plugin_busy': 'Too many development sessions are open.',
  'problem.plugin_start_failed': 'The host could not start the plugin: {detail}',
} as const

export type CliMessage = keyof typeof en
export type CliTexts = Readonly<Record<CliMessage, string>>
