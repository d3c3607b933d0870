/** Of the index as it is built and as it is read. */
export const searchOptions = {
  fields: ['title', 'text'],
  storeFields: ['title'],
  // A code like `plugin_busy` is looked for whole and by its parts.
  tokenize: (text) => [...text.split(/[^\p{L}\p{N}_-]+/u), ...text.split(/[^\p{L}\p{N}]+/u)].filter(Boolean),
  searchOptions: { boost: { title: 4 }, prefix: true, fuzzy: 0.15, combineWith: 'AND' },
}
