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
  'source-engine': {
    refuses: 'A range `engines.sdk` without the SDK that builds the plugin.',
    why: 'A host whose SDK the range leaves out does not take the plugin, and it was never tried with the others.',
    mend: 'Name the SDK that is installed, or install one that the range names. `dcesop dev` tells what of `engines` the host does not meet.',
  },
  'source-permission': {
    refuses:
      'A permission of the plugin’s own that a route, page, extension or topic asks for and that the manifest does not define.',
    why: 'Nobody could ever have it, so everybody would be refused.',
    mend: 'Define it under `permissions.defines`, or correct its name. Permissions of other plugins may be named; they exist where those are installed.',
  },
  'source-unit': {
    refuses: 'A page or extension whose `expose` is the name of no file: `estimate` is `ui/estimate.ts`.',
    why: 'There would be nothing to show.',
    mend: 'Write the file with a unit (`definePage`, `definePanel`) as its default export, or correct the name.',
  },
  'source-export': {
    refuses: 'A `server/main.ts`, or a page or extension, without a default export.',
    why: 'It is what a host starts and a shell mounts; without it neither does.',
    mend: 'Export what `definePlugin`, `definePage` or `definePanel` gives as the default.',
  },
  'source-undeclared': {
    refuses:
      'A route, job or collection that stands in the backend’s sources by name and that the manifest does not declare.',
    why: 'A host holds the code against the manifest, and does not start what does more than it says.',
    mend: 'Declare it: a reviewer decides by the manifest alone.',
  },
  'source-unregistered': {
    refuses: 'A route of the manifest that nothing in the backend registers, where all that is registered can be read.',
    why: 'A host does not start a plugin that lacks what it declares.',
    mend: 'Register it in the plugin’s start with `context.route`, or take it out of the manifest.',
  },
  'source-link': {
    refuses: 'A symbolic link among the files of the package.',
    why: 'A package has plain files only, so it would be left out without a word.',
    mend: 'Put the file itself there.',
  },
  'i18n-empty': {
    refuses: 'A message without a text.',
    why: 'People would see a title or a button with nothing on it.',
    mend: 'Write the text, or remove the message from every catalogue.',
  },
  'i18n-unknown': {
    refuses:
      'A message that the user interface asks for by a fixed id (`text.t(…)`) and that the default catalogue does not have.',
    why: 'People would read the id.',
    mend: 'Add it to every catalogue, or correct the id.',
  },
  'ui-literal-text': {
    refuses: 'Words in a template that come from no catalogue, between tags or in an attribute that people read.',
    why: 'Agents and customers read Spanish, Portuguese and English; this would be in one language for all of them.',
    mend: 'Give it a message. A name that is the same in every language is marked `translate="no"`.',
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
  'ui-image-text': {
    refuses: 'A picture in a template without `alt`.',
    why: 'A screen reader would read the name of the file, or pass over what the picture says.',
    mend: 'Say what it shows; `alt=""` is right for one that only decorates.',
  },
  'ui-control-name': {
    refuses: 'A button or link in a template with nothing in it that could be read out.',
    why: 'Who cannot see its icon hears “button”, and voice control has no word for it.',
    mend: 'Write its text inside, or give it `aria-label` with a message of the catalogue.',
  },
  'ui-field-label': {
    refuses: 'A field in a template without a label around it, an `id` for one, or a name of its own.',
    why: 'Who cannot see what stands beside it does not know what to enter.',
    mend: 'Use the field components of `@dcesop/sdk-plugin/ui`, or put the field into a `<label>`.',
  },
  'ui-click-only': {
    refuses: 'An element in a template that reacts to clicks, and is neither a control nor says by `role` what it is.',
    why: 'Who uses no mouse cannot do what it does.',
    mend: 'Use a `<button>`. One that only doubles a control, such as what lies behind a dialog, gets `role="presentation"`.',
  },
  'ui-tab-order': {
    refuses: 'A `tabindex` above 0 in a template.',
    why: 'It comes before everything else on the whole page, that of the shell and of other plugins.',
    mend: 'Put the elements in the order in which they are used, and use 0 or -1.',
  },
}
