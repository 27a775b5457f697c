import { defineConfig } from 'vitest/config'

// Generous: a busy machine must not fail a test.
export default defineConfig({
  test: { include: ['test/**/*.test.ts'], testTimeout: 60_000, hookTimeout: 60_000 },
})
