import { iconNames } from '../../contracts/icon-names.ts'
import { messageId, permissionId, pointId, role, unitId } from './names.ts'

const order = {
  type: 'integer',
  minimum: 0,
  maximum: 10_000,
  description: 'Place among its neighbours, smallest first; 100 when left out, then by id.',
} as const
const expose = {
  ...unitId,
  description: 'The unit: ui/<expose>.ts with a default-exported definePage or definePanel.',
} as const
const seenBy = { ...permissionId, description: 'Who sees it; for others it is not in the feed.' } as const
const titleKey = { ...messageId, description: 'Its title, a message id of the plugin’s catalogues.' } as const
/** One origin: nothing that would end the policy, allow code, or stand for hosts that no reviewer saw. */
const source = {
  type: 'string',
  pattern: '^(https|wss)://[a-z0-9-]+(\\.[a-z0-9-]+)+(:[0-9]{1,5})?$',
  maxLength: 200,
  examples: ['https://tiles.example.com'],
} as const
const sources = (what: string) =>
  ({ type: 'array', items: source, maxItems: 20, description: `Further sources for ${what}.` }) as const

const page = {
  type: 'object',
  additionalProperties: false,
  required: ['id', 'path', 'expose', 'titleKey', 'permission'],
  properties: {
    id: { ...unitId, description: 'Its name within the plugin.' },
    path: {
      type: 'string',
      // Whatever this takes, path-to-regexp reads.
      pattern: '^(?!.*//)(/[A-Za-z0-9_.-]*(:[A-Za-z_][A-Za-z0-9_]*[.-][A-Za-z0-9_.-]*)*(:[A-Za-z_][A-Za-z0-9_]*)?)+$',
      maxLength: 120,
      examples: ['/network-map/:region'],
      description: 'path-to-regexp pattern, for example /customers/:region/:id.',
    },
    expose,
    titleKey,
    icon: { enum: iconNames, description: 'An icon of the SDK; `plug` when left out.' },
    permission: seenBy,
    order,
    navigation: { type: 'boolean', description: 'False keeps the page out of the navigation.' },
    search: {
      ...messageId,
      description:
        'The page finds what people type into the palette, which opens it with `?q=`. A message id of what is found, in the words of “Search customers, pages and actions”. Of pages in the navigation.',
    },
    key: {
      type: 'string',
      pattern: '^[a-ce-lo-z]$',
      examples: ['r'],
      description: 'A letter that opens the page when it is typed after g; d, m and n are the console’s own.',
    },
  },
} as const

const extension = {
  type: 'object',
  additionalProperties: false,
  required: ['id', 'point', 'expose', 'titleKey', 'permission'],
  properties: {
    id: { ...unitId, description: 'Its name within the plugin.' },
    point: { ...pointId, description: 'The extension point that it fills, with its version.' },
    expose,
    titleKey,
    permission: seenBy,
    order,
    when: {
      type: 'string',
      minLength: 1,
      maxLength: 300,
      description:
        "Shown only while this holds: context.kind == 'fibre' && !('executive' in user.roles). Of user there are roles and regions; a dashboard widget has no context yet.",
    },
    size: {
      type: 'object',
      additionalProperties: false,
      required: ['columns', 'rows'],
      description: 'Of a dashboard widget, in cells of the grid.',
      properties: {
        columns: { type: 'integer', minimum: 2, maximum: 12, description: 'Of 12.' },
        rows: { type: 'integer', minimum: 1, maximum: 12, description: 'Of 80 px.' },
      },
    },
    defaultFor: {
      type: 'array',
      items: role,
      uniqueItems: true,
      maxItems: 20,
      description: 'Roles on whose first dashboard the widget stands.',
    },
  },
} as const

const point = {
  type: 'object',
  additionalProperties: false,
  required: ['id'],
  properties: {
    id: {
      ...pointId,
      description: 'Name and version; a change of the context that breaks its users is a new version.',
    },
    contextSchema: {
      type: 'object',
      description:
        'JSON Schema 2020-12 of what every extension is given. The shell holds each context against it: a wrong one reaches no extension and is reported for the page.',
    },
    max: { type: 'integer', minimum: 1, maximum: 100, description: 'Most extensions shown.' },
    minHeight: {
      type: 'integer',
      minimum: 0,
      maximum: 4000,
      description: 'Height that each extension has at least, px: what is below does not jump when it arrives.',
    },
    maxHeight: {
      type: 'integer',
      minimum: 40,
      maximum: 4000,
      description: 'Height that each extension has at most, px; what is larger scrolls in its place.',
    },
    budgetMs: {
      type: 'integer',
      minimum: 50,
      maximum: 10_000,
      description: 'Time to the first rendering, ms; what takes longer is shown as late.',
    },
  },
} as const

export const ui = {
  type: 'object',
  additionalProperties: false,
  description: 'What the shell shows. Left out by a plugin without screens.',
  properties: {
    pages: { type: 'array', maxItems: 50, items: page, description: 'Whole screens, each with an address.' },
    extensions: {
      type: 'array',
      maxItems: 100,
      items: extension,
      description: 'Panels and widgets on the screens of others.',
    },
    points: { type: 'array', maxItems: 50, items: point, description: 'Places for the extensions of other plugins.' },
    csp: {
      type: 'object',
      additionalProperties: false,
      description:
        'What the content security policy of the shell’s page must allow besides its own origin, while the plugin serves. Each host is asked for as http:egress.',
      properties: { connect: sources('connections'), img: sources('images'), font: sources('fonts') },
    },
  },
} as const
