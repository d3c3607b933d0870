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
  'manifest-config-schema': {
    refuses: 'A schema of the configuration that is no usable JSON Schema.',
    why: 'An operator’s configuration is checked by it before the plugin starts.',
    mend: selfContained,
  },
  'manifest-locales': {
    refuses: 'A plugin without one of the languages es, pt-BR and en.',
    why: 'Agents in Brazil, Mexico and Colombia work in one console; nobody meets a page that they cannot read.',
    mend: 'Add the catalogue and list the language. Regional ones (es-MX, es-CO) hold only what differs.',
  },
}
