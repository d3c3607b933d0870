import type { RuleDescription } from './index.ts'

const packAgain = 'Pack with `dcesop pack` and send the file as it is: it never writes such a package.'

export const packageRules: Readonly<Record<string, RuleDescription>> = {
  'package-unreadable': {
    refuses: 'Bytes that are no gzip tarball, or one that breaks off.',
    why: 'Nothing can be said of a package that cannot be read to its end.',
    mend: `${packAgain} A file that was cut off on its way is sent once more.`,
  },
  'package-size': {
    refuses: 'A tarball of more than 16 MiB.',
    why: 'Every host keeps the versions that it may go back to, and small nodes at the edge fetch them over thin lines.',
    mend: 'Leave pictures, data and source maps out. What is large and changes belongs behind a route of the backend, or into the plugin’s collections by a migration.',
  },
  'package-hidden-character': {
    refuses:
      'A catalogue with a character that nobody sees: a control code, a mark of direction, or one without width.',
    why: 'The plugin’s name and its reasons stand on the screens of those who decide about it, and would read as something else.',
    mend: 'Take it out of the message. None of the languages of the console needs one.',
  },
  'package-unpacked-size': {
    refuses: 'Files of more than 64 MiB after unpacking.',
    why: 'A small archive can unpack to any size and fill the disk of the host.',
    mend: packAgain,
  },
  'package-file-count': {
    refuses: 'More than 2,000 files.',
    why: 'Each file is hashed at every start of the host.',
    mend: 'Bundle: the backend is one file, and the user interface a handful of chunks.',
  },
  'package-entry-type': {
    refuses: 'Links, devices and whatever else is no plain file.',
    why: 'A link can lead out of the package’s folder, and make one file of two that were checked apart.',
    mend: packAgain,
  },
  'package-unsafe-path': {
    refuses:
      'Paths that leave the package, are absolute, use backslashes or drive letters, hold control characters, or are longer than file systems take.',
    why: 'Such a path writes outside of the package’s folder, or shows as something else in listings and logs.',
    mend: 'Use short relative paths with forward slashes.',
  },
  'package-duplicate': {
    refuses: 'A path that is in the tarball twice, or is both a file and a folder.',
    why: 'Readers differ in which of the two they take, so what was checked need not be what runs.',
    mend: 'Rename one of them.',
  },
  'package-case-collision': {
    refuses: 'Two paths that differ only in capitals, or in how an accent is written.',
    why: 'On macOS and Windows one would take the other’s place.',
    mend: 'Rename one of them.',
  },
  'package-json': {
    refuses: 'A package.json that is missing, is no JSON object, has members of the wrong type, or more than 512 KiB.',
    why: 'npm and the registry know a package by it.',
    mend: 'Let `dcesop pack` write it; fields of your own go into the manifest under names that begin with `x-`.',
  },
  'package-install-script': {
    refuses: 'Scripts in package.json that npm would run at installation.',
    why: 'They would run with the rights of whoever installs, before anybody looked at the plugin. The host installs without npm, so they are never needed.',
    mend: 'Remove the script. What must happen before the first request belongs into `start`, what changes data into a migration.',
  },
  'package-bin': {
    refuses: 'Programs for the path (`bin`, `directories.bin`).',
    why: 'A plugin is run by the host, not by hand; a program of its name could stand in for another.',
    mend: 'Remove the member. Tools for operators are a package of their own.',
  },
  'package-native-code': {
    refuses: 'Compiled modules (`.node`).',
    why: 'They run outside of every wall that JavaScript has, on one kind of machine only.',
    mend: 'Use a library in JavaScript or WebAssembly, or put the work behind a service that the plugin calls.',
  },
  'package-node-modules': {
    refuses: 'Files below a folder `node_modules`.',
    why: 'What is in there is in no SBOM and was looked through by nobody.',
    mend: 'Bundle what the backend needs; `dcesop pack` does, and lists each package of it.',
  },
  'package-other-plugin': {
    refuses: 'Code of another plugin among what is bundled, by `sbom.cdx.json`.',
    why: 'A copy of it would run with the rights of this plugin, on data that it does not own, and stay when the other one is mended.',
    mend: 'Call it through a capability, events or an extension point. What two plugins share is a package of its own, not named like a plugin.',
  },
  'package-eval-map': {
    refuses: 'Code that is built as texts for `eval`, with its source map inside.',
    why: 'A page may not run it, and nobody can look through it.',
    mend: "Build with a `devtool` that writes files, such as `'source-map'`, or without one.",
  },
  'package-file-list': {
    refuses: 'A `dcesop.files.json` that is missing or cannot be read.',
    why: 'The host holds each file against this list at installation and at each start.',
    mend: packAgain,
  },
  'package-unlisted-file': {
    refuses: 'A file that is not in `dcesop.files.json`.',
    why: 'It was put in after packing.',
    mend: packAgain,
  },
  'package-missing-file': {
    refuses: 'A file of the list that is not there.',
    why: 'It was taken out after packing, or lost.',
    mend: packAgain,
  },
  'package-changed-file': {
    refuses: 'A file whose size or SHA-256 is not that of the list.',
    why: 'It was changed after packing; the publisher vouched for another one.',
    mend: packAgain,
  },
  'package-signature-form': {
    refuses: 'A `dcesop.files.dsse.json` that is no DSSE envelope of the kind that `dcesop pack --key` writes.',
    why: 'A signature that cannot be read proves nothing, and must not look like one.',
    mend: 'Pack again with `--key`, or without a signature where policy allows that.',
  },
  'package-signature-other': {
    refuses: 'A signature over another list of files.',
    why: 'It was taken from another package, or files changed after signing.',
    mend: 'Pack again with `--key`.',
  },
  'package-manifest': {
    refuses: 'A `dcesop.plugin.json` that is missing, is no JSON object, or has more than 512 KiB.',
    why: 'Without it nothing is known of what the plugin is and may do.',
    mend: packAgain,
  },
  'package-version': {
    refuses: 'Different versions in package.json and in the manifest.',
    why: 'The registry files a package under the one, the host under the other.',
    mend: 'Change the version in the manifest alone; `dcesop pack` writes the other.',
  },
  'package-name': {
    refuses: 'A package that is not named `@<publisher>/dcesop-<id>` after its manifest.',
    why: 'A plugin could pass for one of another publisher.',
    mend: 'Set `publisher` and `id` in the manifest; `dcesop pack` makes the name of them.',
  },
  'package-entry': {
    refuses: 'A backend entry that is not in the package.',
    why: 'The plugin would fail at its start, on every host.',
    mend: packAgain,
  },
  'package-ui': {
    refuses: 'A manifest that declares pages or panels, without `dist/ui/remoteEntry.js`.',
    why: 'The shell would offer places that stay empty.',
    mend: 'Build the user interface (`dcesop pack` does), or remove it from the manifest.',
  },
  'package-locale': {
    refuses: 'A declared language without its catalogue.',
    why: 'People would read message ids.',
    mend: 'Add the catalogue, or take the language from `i18n.locales`.',
  },
  'package-migration': {
    refuses: 'A file in `migrations/` without a name like `0001-what-it-does.cjs`, or a number that is used twice.',
    why: 'Migrations run in the order of their numbers, each once; the order must be the same everywhere.',
    mend: 'Number them anew, and keep the number of every one that was ever published.',
  },
  'contract-shape': {
    refuses: 'A file in `contracts/` that is no contract, or more than 256 KiB of them.',
    why: 'Providers run these files in their own specs; one that cannot be read holds nobody to anything.',
    mend: 'Write it as a `Contract` of `@dcesop/sdk-plugin/testing`, as JSON, and use it in your own specs by `contractDouble`.',
  },
  'contract-manifest': {
    refuses: 'A contract of another plugin, or about a capability or range that the manifest does not consume.',
    why: 'Providers would hold on to what nobody needs, or break what somebody does.',
    mend: 'Give it the plugin’s id as `consumer`, and the capability and range of `consumes`.',
  },
  'contract-record': {
    refuses:
      'A `contracts.kept.json` that is no record of contracts, is about another backend than the package’s, or about a capability that the plugin does not provide.',
    why: 'The registry takes it for the publisher’s word that consumers’ contracts were kept by this very code.',
    mend: 'Let `dcesop test` write it: it notes each contract that `verifyContract` found kept by what `host.capability` answered, when all specs passed. Specs of jest or vitest: `dcesop test -- npx jest`. `dcesop pack` leaves a record out that is older than the code.',
  },
  'ui-expose-missing': {
    refuses: 'A page or extension whose unit the built remote does not expose.',
    why: 'The shell would offer it and then show that it cannot be loaded.',
    mend: 'Build the user interface from the manifest that is packed; the SDK’s configuration exposes what the manifest names.',
  },
  'ui-expose-undeclared': {
    refuses: 'A unit that the built remote exposes and the manifest does not name.',
    why: 'What can be mounted is what was reviewed: its permission, its place and its size.',
    mend: 'Declare it, or do not expose it.',
  },
  'ui-entry-size': {
    refuses: 'A `remoteEntry.js` of more than 16 KiB after gzip.',
    why: 'The shell loads the entry of every plugin before the first page; somebody on a call waits for it.',
    mend: 'Share `vue` and `@dcesop/sdk-plugin/ui` with the shell, and load your own code lazily, through the exposed modules.',
  },
  'ui-size': {
    refuses: 'Scripts and styles of more than 256 KiB in all after gzip, and styles of more than 512 KiB before.',
    why: 'A page must open within a second on an agent’s old machine.',
    mend: 'Take a smaller library, import only what is used, or leave the work to the backend. The finding names the largest files.',
  },
  'ui-global-selector': {
    refuses: 'A style that reaches beyond the plugin’s own elements, or a stylesheet that cannot be read.',
    why: 'Pages of several plugins stand in one document; one would change how the others look.',
    mend: 'Use scoped styles, or begin the selector with `[data-plugin="<id>"]` or `.p-<id>`. Names that count for the whole page, as of `@keyframes` or `@font-face`, begin with `<id>-`.',
  },
}
