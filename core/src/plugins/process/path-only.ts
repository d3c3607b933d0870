/** Enough to find the wrappers; nothing of the host's environment goes further. */
export function pathOnly(): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'] }
}
