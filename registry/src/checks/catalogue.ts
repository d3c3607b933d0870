import type { CheckId } from './check-ids.ts'

export interface CheckDescription {
  /** What it looks at and why, for the person whose package was refused. */
  readonly about: string
  /** Rule ids with what each of them means. */
  readonly rules: Readonly<Record<string, string>>
}

/** What the pages in `docs/checks` say. */
export const checkCatalogue: Readonly<Record<CheckId, CheckDescription>> = {
  package: {
    about:
      'The tarball can be unpacked within the limits of packages: 16 MiB packed, 64 MiB unpacked, 2,000 plain files below `package/`. A plugin passes everything that `dcesop pack` and the host check, by the same code; [the plugin package](../plugin-package.md) lists those rules. This check cannot be switched off.',
    rules: {
      'package-json':
        'package.json is missing, is no JSON object, has a member of the wrong type, or more than 512 KiB.',
      'package-size': 'The tarball is too large.',
      'package-unpacked-size': 'The unpacked files are too large.',
      'package-file-count': 'There are too many files.',
      'package-entry-type': 'There is a link, a device or another entry that is no plain file.',
      'package-unsafe-path': 'A path leaves the package.',
      'package-duplicate': 'A path is in the tarball twice.',
      'package-case-collision': 'Two paths are one on file systems that ignore case.',
      'package-unreadable': 'The bytes are no gzip tarball.',
    },
  },
  identity: {
    about: 'The tarball is what the publish document says that it is.',
    rules: {
      'identity-name': 'package.json in the tarball has another name.',
      'identity-version': 'package.json in the tarball has another version.',
    },
  },
  kind: {
    about:
      'Plugins and libraries are told apart by their names: a plugin is `@<publisher>/dcesop-<id>`, a library is not.',
    rules: {
      'kind-library-name': 'A package without dcesop.plugin.json is named like a plugin.',
      'kind-plugin-scope': 'A plugin has no publisher in its name.',
    },
  },
  'install-scripts': {
    about: 'Nothing of this registry runs code on the machine of whoever installs it.',
    rules: { 'install-script': 'The package runs something at installation.' },
  },
  malware: {
    about: 'Packages of this registry are JavaScript and data: no programs, and nothing that a virus scanner stops at.',
    rules: { 'malware-found': 'A file is a program, or holds the test signature of virus scanners.' },
  },
  secrets: {
    about:
      'Keys, tokens and passwords that were packed by mistake: once published they are known. Text files up to 8 MiB are looked through by secretlint; the answer never repeats what was found.',
    rules: { 'secret-found': 'A file holds something that looks like a secret.' },
  },
  sbom: {
    about:
      'What a plugin bundles is told whole, as CycloneDX: advisories and licences are looked up by it. The packages in the backend’s source map are held against it. The demo only reports this.',
    rules: {
      'sbom-missing': 'There is no sbom.cdx.json.',
      'sbom-form': 'It is no CycloneDX document with a list of components, each with a name.',
      'sbom-incomplete': 'The backend bundles a package that it does not name.',
    },
  },
  licence: {
    about:
      'Whoever installs a plugin passes on what it bundles, so that must be under a licence that the operator accepts: `licences` in `config/registry/defaults.json`, SPDX ids. Of a choice (OR) one is enough. The demo only reports this.',
    rules: {
      'licence-missing': 'A bundled package states no licence.',
      'licence-refused': 'A bundled package is under a licence that is not accepted.',
    },
  },
  'reserved-name': {
    about:
      "Names that would be taken for somebody else's belong to administrators: those of the product, of npm, of Node's modules, and what `names.reserved` lists.",
    rules: { 'name-reserved': 'The scope, or the name of a package without one, is reserved.' },
  },
  'similar-name': {
    about:
      'A new name must not be mistaken for one that another publisher has. Case, separators and characters that look alike (1, i and l, 0 and o, rn and m) count as the same; from five characters on, so does one letter more, less or other.',
    rules: { 'name-similar': "The name could be taken for another publisher's." },
  },
  compatibility: {
    about:
      'Routes, events, capabilities, pages, extensions, what the remote exposes, extension points and permissions of a plugin stay until its next major version (below 1.0.0: the next minor one), compared with the newest older release. The version of a capability does not go back.',
    rules: { 'compatibility-removed': 'Something that others may rely on is gone.' },
  },
  'consumer-contracts': {
    about:
      'A plugin that provides a capability keeps what its consumers rely on. Counted are the contracts in `contracts/` of published versions that are approved for a region, neither yanked nor flagged, and whose range has the version of the capability. The registry runs no plugin: that contracts were kept is the word of the publisher, who ran them in the specs of this very backend (`contracts.kept.json`, which `dcesop test` writes) and signs it with all files. `dcesop contracts` fetches them, or `GET /-/dcesop/v1/capabilities/{capability}/contracts?version=…`. A contract may come before the version that it is about; one whose range the approved versions of the capability have left behind is about nothing, and is refused.',
    rules: {
      'contract-not-kept': 'The package does not say that its specs kept the contract of a consumer.',
      'contract-without-provider':
        'A contract of the package is about versions of a capability that nobody provides, and newer ones are there.',
    },
  },
  'known-advisories': {
    about:
      'A plugin does not come out with a grave weakness of which the registry knows, from the OSV files that its administrators imported. Of lesser ones, and of those that become known later, its instances are told.',
    rules: { 'advisory-known': 'A bundled package has an advisory of severity high or critical.' },
  },
  'publisher-signature': {
    about:
      'A plugin that carries a signature by a key that the registry knows carries a good one: by a key of its own publisher, in use now, over exactly these files. This check cannot be switched off.',
    rules: {
      'publisher-signature-wrong':
        'The signature does not fit, or its key is revoked, replaced or of another publisher.',
    },
  },
  'signed-by-publisher': {
    about:
      'A plugin is signed by a verified key of its publisher. In production a plugin without is refused; the demo only reports it.',
    rules: {
      'publisher-signature-missing': 'The package carries no signature of its publisher.',
      'publisher-signature-unknown':
        'It is signed by keys that the publisher has not registered, or that nobody verified.',
    },
  },
  'mandatory-grant': {
    about:
      'A mandatory plugin stops what depends on it when it fails. Only publishers to whom an administrator granted it may have one.',
    rules: { 'mandatory-not-granted': 'The manifest says `mandatory`, and its publisher has no grant for that.' },
  },
}
