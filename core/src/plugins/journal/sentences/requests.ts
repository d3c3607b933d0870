import type { Plugin, Sentences } from './sentences.ts'

/** What people and other plugins ask for. */
export const requestSentences = {
  installed: () => 'installed',
  enabled: () => 'enabled',
  disabled: () => 'disabled',
  disabled_with: ({ plugin }: Plugin) => `disabled with ${plugin}`,
  uninstalled: () => 'uninstalled',
  uninstalled_because: ({ why }: { why: string }) => why,
  plan_taken_back: () => 'a later step of the plan failed',
  upgrade: () => 'upgrade',
  versions_wanted: () => 'which versions are wanted was changed',
  upgrade_to: ({ version }: { version: string }) => `upgrade to ${version}`,
  upgrade_of: ({ plugin }: Plugin) => `upgrade of ${plugin}`,
  rollback: () => 'rollback',
  rollback_to: ({ version }: { version: string }) => `rollback to ${version}`,
  configure: () => 'configuration',
  configure_to: ({ version }: { version: string }) => `another configuration of ${version}`,
  rolled_back: () => 'rolled back',
  in_region: ({ region }: { region: string }) => `in ${region}`,
  everybody: () => 'everybody',
  started_again: () => 'started again',
  with_what_it_needs: () => 'with what it needs',
  other_not_started: () => 'another one did not start',
  two_behind: () => 'two versions behind',
  window_over: () => 'the rollback window is over',
} satisfies Sentences
