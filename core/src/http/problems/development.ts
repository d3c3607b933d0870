import type { ProblemKind } from '@dcesop/sdk-plugin/http'

/** Plugins that an author runs on a host from the command line. */
export const developmentProblems = {
  dev_code_unknown: {
    status: 404,
    title: 'No development session waits with this code.',
    remedy: 'Type the code that `dcesop dev` shows now; each counts once and for ten minutes.',
  },
  dev_overrides_off: {
    status: 403,
    title: 'This host takes no plugins in development.',
    remedy: 'Use a host with the demo profile, or with `plugins.devOverrides`; a production host never takes one.',
  },
  dev_session_over: {
    status: 401,
    title: 'The development session is over.',
    remedy: 'Start `dcesop dev` again: a session ends with its command, or after a minute without a sign of it.',
  },
} as const satisfies Record<string, ProblemKind>
