import { defineConfig, mergeConfig } from 'vitest/config'
import { shared } from '../../.ci/vitest/shared.ts'

// Every test file has interpreters of its own: one file at a time keeps the machine usable.
export default mergeConfig(
  shared,
  defineConfig({
    test: {
      fileParallelism: false,
      isolate: true,
      testTimeout: 600_000,
      hookTimeout: 600_000,
      globalSetup: './test/support/snapshot.ts',
    },
  }),
)
