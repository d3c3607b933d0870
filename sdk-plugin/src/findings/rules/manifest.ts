import type { RuleDescription } from './index.ts'

const selfContained = 'Write it as JSON Schema 2020-12 with all of its definitions inside.'

export const manifestRules: Readonly<Record<string, RuleDescription>> = {
  'manifest-shape': {
    refuses: 'A manifest with a field that is missing, unknown or of the wrong form.',
    why: 'A misspelt field would silently do nothing: a permission that is not asked for, a page that is not there.',
    mend: 'The reference of the manifest has a page for each field. Notes of your own go to the top level under names that begin with `x-`.',
  },
  'manifest-duplicate': {
    refuses:
      'A name that is declared twice where it must be one’s own: routes, permissions, pages, topics and the like.',
    why: 'Which of the two counts would depend on who reads.',
    mend: 'Keep one of them.',
  },
  'manifest-route-path': {
    refuses: 'A route whose path cannot be served, or that matches the same addresses as another.',
    why: 'A request must lead to one route only, or permissions of the one would open the other.',
    mend: 'Write a parameter as `{name}`, at the end also as `{name?}` or `{name*}`, and give routes distinct paths.',
  },
  'manifest-health': {
    refuses: 'A health path that is no declared GET route, and any other route below `/_`.',
    why: 'Paths below `/_` are for the host alone; a route there that it does not ask would be reached by nobody.',
    mend: 'Declare the path of `backend.health` among the routes, and give all others paths that do not begin with `/_`.',
  },
  'manifest-own-collections': {
    refuses: 'A collection whose name does not begin with the plugin’s id.',
    why: 'A plugin owns only its own data; what others have is asked of them through capabilities.',
    mend: 'Rename it; rename stored data by a migration.',
  },
  'manifest-own-topics': {
    refuses: 'A published topic whose name does not begin with the plugin’s id.',
    why: 'Subscribers trust a topic to come from the plugin that it is named after.',
    mend: 'Rename it. Topics of others can be subscribed to.',
  },
  'manifest-own-permissions': {
    refuses: 'A defined permission whose name does not begin with the plugin’s id and a colon.',
    why: 'Who defines a permission says which roles hold it: nobody opens what belongs to another plugin or to the platform.',
    mend: 'Rename it. Permissions of other plugins may be named by routes, pages and topics without being defined.',
  },
  'manifest-reserved-point': {
    refuses: 'An extension point with a name of the shell’s.',
    why: 'What others meant for the shell would be drawn inside of the plugin.',
    mend: 'Choose a name that begins with the plugin’s id.',
  },
  'manifest-context-schema': {
    refuses: 'A context schema of an extension point that is no usable schema of an object.',
    why: 'Panels of others rely on what they are given; the shell checks it by this schema.',
    mend: `${selfContained} Its type is "object".`,
  },
  'manifest-point-height': {
    refuses: 'An extension point whose least height is above its greatest.',
    why: 'No extension could be as high as both ask for.',
    mend: 'Make `minHeight` no more than `maxHeight`.',
  },
  'manifest-when': {
    refuses:
      'A `when` of an extension that cannot be read, or that asks for a name, a role or a value that there is not.',
    why: 'The shell decides by it what to show, without running any code; what it cannot read, or what never holds, is never shown.',
    mend: "Write comparisons (`==`, `!=`, `<`, `<=`, `>`, `>=`, `in`) of `context.…` and `user.…` with texts in single quotes, numbers, `true`, `false`, `null` and lists in `[ ]`, joined by `&&`, `||`, `!` and brackets. A path through a list gives the members of its items: `'fibre' in context.services.technology`.",
  },
  'manifest-csp': {
    refuses: 'An origin under `ui.csp` whose host the plugin does not ask for as `http:egress`, or whose port is none.',
    why: 'What the page may reach, data can leave by; a reviewer grants it like any other way out.',
    mend: 'Add a request of `http:egress` with the host as `name`, or `name:port` where the origin has a port. Scripts and styles from elsewhere, wildcards, `http:` and `data:` cannot be had.',
  },
  'manifest-config-schema': {
    refuses: 'A schema of the configuration that is no usable JSON Schema.',
    why: 'An operator’s configuration is checked by it before the plugin starts.',
    mend: selfContained,
  },
  'manifest-hidden-character': {
    refuses: 'A text with a character that nobody sees: a control code, a mark of direction, or one without width.',
    why: 'It makes people read another text than there is, such as a host backwards, and reviewers decide by what they read.',
    mend: 'Take it out. Tabs and line ends may stay.',
  },
  'manifest-endless': {
    refuses: 'A manifest that takes seconds to check, such as by a pattern of its configuration’s schema.',
    why: 'Whoever checks it serves nobody meanwhile.',
    mend: 'Write patterns without repetitions inside of repetitions, and definitions that do not refer to each other over and over.',
  },
  'manifest-consumes-own': {
    refuses: 'A capability that the plugin consumes and provides itself.',
    why: 'It would wait for itself at its start, and stop itself whenever it stops.',
    mend: 'Call your own code directly.',
  },
  'manifest-conflict': {
    refuses: 'A conflict that names neither a plugin nor a capability, or both, or the plugin itself.',
    why: 'A host would keep nothing out by it, or the plugin itself.',
    mend: 'Name either `plugin` or `capability`, with the versions that it is about.',
  },
  'manifest-requires': {
    refuses: 'A `regions.requires` that is no id of another plugin with a range of versions.',
    why: 'What must be beside it would never be found, and the plugin never be installed.',
    mend: 'Write `regional-compliance@^2`, or the id alone for any version.',
  },
  'manifest-request': {
    refuses: 'A request of a permission that does not say what of, or, for data of customers, what for.',
    why: 'A reviewer decides by it, and a host grants by it: what it cannot read is granted to nobody.',
    mend: '`http:egress` names a host as `name` or `name:port`, `secrets:use` a secret, `events:…` a topic with its version, `customer:…` a purpose. Each host is a request of its own: there are no wildcards.',
  },
  'manifest-page-path': {
    refuses: 'A page at an address of the shell’s or of the host’s.',
    why: 'They answer there themselves; the page would be in the navigation, and never open.',
    mend: 'Begin the path with another word, such as the plugin’s id.',
  },
  'manifest-unknown-point': {
    refuses: 'An extension of a point below `dashboard.` that the shell does not have.',
    why: 'It would be nowhere, and nobody would be told.',
    mend: 'Widgets of the dashboard have the point `dashboard.widget/v1`. Points of other plugins may be named whether or not those are installed.',
  },
  'manifest-config-secret': {
    refuses: 'A pointer of `config.secrets` to nothing in the configuration’s schema, or to what has a default there.',
    why: 'The value that was meant would be kept and shown like any other; a default is known to everybody who has the package.',
    mend: 'Write it as a JSON pointer to the property: `/apiKey`, `/mail/password`. The operator gives the value; where the plugin cannot do without, list it as `required`.',
  },
  'manifest-data-version': {
    refuses: 'A plugin that could not read what it writes: `minReadable` above `schemaVersion`.',
    why: 'It could not be started a second time, nor replaced by itself.',
    mend: '`schemaVersion` is what this code writes, `minReadable` the oldest that it reads.',
  },
  'manifest-regions': {
    refuses: 'A region that is in `regions.allow` and in `regions.deny`.',
    why: 'Which of the two counts would depend on who reads.',
    mend: 'Take it out of one of them.',
  },
  'manifest-locales': {
    refuses: 'A plugin without one of the languages es, pt-BR and en.',
    why: 'Agents in Brazil, Mexico and Colombia work in one console; nobody meets a page that they cannot read.',
    mend: 'Add the catalogue and list the language. Regional ones (es-MX, es-CO) hold only what differs.',
  },
}
