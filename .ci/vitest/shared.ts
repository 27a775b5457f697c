import { fileURLToPath } from 'node:url'
import type { ViteUserConfig } from 'vitest/config'

/** What the tests of every package share. Times are generous: a busy machine must not fail a test. */
export const shared: ViteUserConfig = {
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: [fileURLToPath(new URL('./properties.ts', import.meta.url))],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // One process for several files: starting one for each, and importing everything again, took more than the tests.
    isolate: false,
    expect: { poll: { timeout: 60_000 } },
  },
}
