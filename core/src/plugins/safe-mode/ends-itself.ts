import { type Disposable, toDisposable } from '@dcesop/sdk-plugin'

/**
 * Tells, as the last that happens, when code of this process ends it: by an exit, by an abort, or by a signal to itself that nobody
 * catches. Who is ended from outside gets no last word.
 */
export function onEndingItself(tell: () => void): Disposable {
  const { abort, kill } = process
  process.on('exit', tell)
  process.abort = () => {
    tell()
    return abort.call(process)
  }
  process.kill = (pid, signal) => {
    if (pid === process.pid && signal !== 0 && process.listenerCount(String(signal ?? 'SIGTERM')) === 0) tell()
    return kill.call(process, pid, signal)
  }
  return toDisposable(() => {
    process.off('exit', tell)
    Object.assign(process, { abort, kill })
  })
}
