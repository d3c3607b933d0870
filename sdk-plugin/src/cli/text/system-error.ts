import type { CliMessage } from '../locales/en.ts'
import { messageOf, t } from './text.ts'

const byCode: Readonly<Record<string, CliMessage>> = {
  ENOENT: 'system.missing',
  EACCES: 'system.denied',
  EPERM: 'system.denied',
  EEXIST: 'system.exists',
  ENOTDIR: 'system.folder',
  EISDIR: 'system.file',
  ENOSPC: 'system.full',
}

interface SystemError extends NodeJS.ErrnoException {
  /** Of a copy. */
  readonly dest?: string
}

/** Of a copy that finds no room, its source is not to blame. */
function whereOf({ code, path, dest }: SystemError): string | undefined {
  return code === 'ENOSPC' ? (dest ?? path) : path
}

/**
 * A file or program that is not there, may not be touched or finds no room; Node's own sentence where this is none of these.
 * @param path of the file; Node does not always know it
 */
export function systemSentence(error: SystemError, path = whereOf(error)): string {
  const { code = '', syscall = '', message } = error
  const id = syscall.startsWith('spawn') && code === 'ENOENT' ? 'system.program' : byCode[code]
  return id === undefined || path === undefined ? message : t(id, { path, code })
}

/** Why a connection failed, by what fetch has as its cause. */
export function networkReason({ message, cause }: Error): string {
  const { code, message: why } = (cause ?? {}) as Partial<NodeJS.ErrnoException>
  const told = code === undefined ? undefined : messageOf(`network.${code}`)
  // Where a name stands for several numbers, each of which failed, only the code says why.
  return (told && `${told}, ${code}`) ?? (why || code || message)
}
