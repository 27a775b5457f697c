import { defineConfig } from 'vitest/config'

// Every test starts real processes, which take their time on a loaded machine.
export default defineConfig({
  test: { include: ['test/**/*.test.ts'], testTimeout: 60_000, hookTimeout: 60_000 },
})
