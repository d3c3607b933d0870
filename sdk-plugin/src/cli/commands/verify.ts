import { readFile } from 'node:fs/promises'
import { type Command, textOf, UsageError } from '../command.ts'
import { verifyBundle } from '../verify/bundle.ts'
import { readPinned } from '../verify/pinned.ts'
import { verifyByRegistry } from '../verify/registry.ts'
import { linesOf, open, joined, type Report } from '../verify/report.ts'
import { verifyTarball } from '../verify/tarball.ts'
import { printable } from '../printable.ts'
import { systemSentence } from '../text/system-error.ts'
import { t } from '../text/text.ts'

export const verifyCommand: Command = {
  options: { keys: { type: 'string' }, registry: { type: 'string' }, 'max-age-days': { type: 'string' } },
  async run(typed) {
    if (typed.target === '.') throw new UsageError(t('verify.unnamed'))
    const bytes = await readFile(typed.target).catch((error: NodeJS.ErrnoException) => {
      throw new UsageError(systemSentence(error, typed.target))
    })
    const maxAgeDays = Number(textOf(typed, 'max-age-days') ?? 30)
    if (!(maxAgeDays > 0)) throw new UsageError(t('verify.days'))
    const keys = textOf(typed, 'keys')
    const report = await verify(bytes, {
      pinned: keys === undefined ? undefined : await readPinned(keys),
      registry: textOf(typed, 'registry'),
      maxAgeDays,
    })
    console.log(printable([typed.target, ...linesOf(report)].join('\n')))
    return report.failed.length > 0 ? 1 : 0
  },
}

interface Given {
  readonly pinned: Awaited<ReturnType<typeof readPinned>> | undefined
  readonly registry: string | undefined
  readonly maxAgeDays: number
}

async function verify(bytes: Buffer, { pinned, registry, maxAgeDays }: Given): Promise<Report> {
  // A bundle is a tar; what is neither that nor a package was damaged on its way, or is the page of a proxy.
  const isBundle = bytes.toString('latin1', 257, 262) === 'ustar'
  if (isBundle) {
    if (!pinned) throw new UsageError(t('verify.bundleKeys'))
    return verifyBundle(bytes, pinned.roots, maxAgeDays)
  }
  if (registry !== undefined) {
    if (!pinned) throw new UsageError(t('verify.registryKeys'))
    return verifyByRegistry(bytes, registry, pinned.roots)
  }
  return joined([await verifyTarball(bytes, pinned?.publishers), open(t('verify.noRegistry'))])
}
