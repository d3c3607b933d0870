import SequencerModule from '@jest/test-sequencer'

const Sequencer = SequencerModule.default ?? SequencerModule

/** Specs that take longest. A fresh clone has no times of earlier runs, so they are named: Jest goes by the size of files then. */
const longest = [
  'core/src/plugins/safe-mode/safe-mode.spec.ts',
  'tests/faults/process-tier.spec.ts',
  'core/src/main.spec.ts',
  'tests/conformance/tutorial.spec.ts',
  'tests/faults/three-hosts.spec.ts',
  'tests/conformance/hostile-input.spec.ts',
  'tests/conformance/registry-e2e-cli.spec.ts',
  'registry/src/main.spec.ts',
  'core/embedded-db/src/model.spec.ts',
  'core/src/plugins/handles.spec.ts',
  'tests/faults/database-kill.spec.ts',
  'tests/faults/ingest-kill.spec.ts',
  'core/src/plugins/health/health.spec.ts',
  'plugins/diagnostics/server/diagnosis/diagnosis.spec.ts',
  'tests/conformance/sdk-new.spec.ts',
  'core/src/plugins/settings/settings.spec.ts',
  'core/src/plugins/migrations/contract-kill.spec.ts',
  'tests/conformance/sdk-publish.spec.ts',
  'tests/faults/plugin-swap.spec.ts',
  'tests/faults/registry-import-kill.spec.ts',
  'tests/faults/registry-client.spec.ts',
  'tests/conformance/registry-npm.spec.ts',
  'core/src/plugins/upgrade.spec.ts',
  'core/src/http/connections.spec.ts',
  'core/src/plugins/process/process-tier.spec.ts',
  'tests/faults/registry-kill.spec.ts',
  'core/src/plugins/migrations/migrations.spec.ts',
]

/** The longest first, the rest as jest has them. */
export default class LongestFirst extends Sequencer {
  sort(tests) {
    const place = ({ path }) => {
      const index = longest.findIndex((name) => path.endsWith(name))
      return index < 0 ? longest.length : index
    }
    return super.sort(tests).sort((a, b) => place(a) - place(b))
  }
}
