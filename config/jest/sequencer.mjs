import SequencerModule from '@jest/test-sequencer'

const Sequencer = SequencerModule.default ?? SequencerModule

/** Specs that take longest. A fresh clone has no times of earlier runs, so they are named: Jest goes by the size of files then. */
const longest = [
  'core/src/plugins/safe-mode/safe-mode.spec.ts',
  'core/embedded-db/src/model.spec.ts',
  'tests/conformance/registry-e2e-cli.spec.ts',
  'tests/conformance/tutorial.spec.ts',
  'tests/conformance/sdk-publish.spec.ts',
  'tests/conformance/sdk-package.spec.ts',
  'tests/conformance/sdk-new.spec.ts',
  'tests/faults/process-tier.spec.ts',
  'tests/faults/registry-client.spec.ts',
  'tests/faults/three-hosts.spec.ts',
  'tests/conformance/registry-npm.spec.ts',
  'core/src/plugins/upgrade.spec.ts',
  'tests/faults/registry-trust.spec.ts',
  'core/src/plugins/recover.spec.ts',
  'core/src/plugins/handles.spec.ts',
  'tests/conformance/hostile-input.spec.ts',
  'core/src/main.spec.ts',
  'core/src/plugins/incidents/incidents.spec.ts',
  'core/src/plugins/secrets/secrets.spec.ts',
  'tests/conformance/first-party-publish.spec.ts',
  'registry/src/main.spec.ts',
  'registry/src/http/limits.spec.ts',
  'core/src/plugins/process/requests.spec.ts',
  'core/src/plugins/process/killed-midway.spec.ts',
  'core/src/plugins/dispatch/dispatch.spec.ts',
  'tests/conformance/plugin-contracts.spec.ts',
  'core/src/plugins/readiness.spec.ts',
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
