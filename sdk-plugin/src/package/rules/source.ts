import type { RuleDescription } from './index.ts'

export const sourceRules: Readonly<Record<string, RuleDescription>> = {
  'source-missing': {
    refuses: 'A file that a plugin’s folder must have and that is not there.',
    why: 'There is nothing to pack.',
    mend: 'Name the folder of a plugin; `dcesop new` makes one.',
  },
  'source-unreadable': {
    refuses: 'A file of the plugin that may not be read.',
    why: 'A package must be all that its author wrote.',
    mend: 'Give yourself the right to read it.',
  },
  'source-json': {
    refuses: 'A JSON file that is none.',
    why: 'A manifest or a catalogue that one reader takes and another does not would differ from host to host.',
    mend: 'Correct it at the place that the finding names: no comments, no comma at the end, each name once.',
  },
  'i18n-missing': {
    refuses: 'A message that one of the complete languages does not have.',
    why: 'People would read it in another language, or its id.',
    mend: 'Translate it.',
  },
  'i18n-orphan': {
    refuses: 'A message of a regional catalogue (es-MX) that its language (es) does not have.',
    why: 'Everybody else would read its id.',
    mend: 'Add it to the language, or remove it.',
  },
  'i18n-redundant': {
    refuses: 'A message of a regional catalogue that says the same as its language.',
    why: 'It hides the next change of the language’s own message.',
    mend: 'Remove it from the regional catalogue.',
  },
  'i18n-parse': {
    refuses: 'A message that is no ICU message.',
    why: 'It would show as raw text or as its id.',
    mend: "Correct it at the place that the finding names; write a brace as `'{'`.",
  },
  'i18n-arguments': {
    refuses: 'A message whose arguments are not those of the same message in the default language.',
    why: 'A name or a figure would be missing from the sentence.',
    mend: 'Use the same arguments, in whatever order the language wants.',
  },
  'i18n-plural': {
    refuses:
      'A plural without the forms that its language has: `one` and `other`; Spanish and Portuguese have `many` for millions.',
    why: '“1 minutos” reads like a machine.',
    mend: 'Add the form that the finding names.',
  },
  'i18n-markup': {
    refuses: 'A message that holds HTML.',
    why: 'Markup in texts is how a translation runs code, and it shows as it stands.',
    mend: 'Keep markup in components, and give the parts messages of their own.',
  },
  'i18n-manifest-key': {
    refuses: 'A message id in the manifest that the default catalogue does not have.',
    why: 'Titles and reasons are shown before the plugin is loaded, from its catalogues alone.',
    mend: 'Add it to every catalogue.',
  },
  'ui-global-selector': {
    refuses: 'A style that reaches beyond the plugin’s own elements.',
    why: 'Pages of several plugins stand in one document; one would change how the others look.',
    mend: 'Use scoped styles, or begin the selector with `[data-plugin="<id>"]`.',
  },
}
