import { defineConfig, mergeConfig } from 'vitest/config'
import { shared } from '../../.ci/vitest/shared.ts'

// Each file has servers and workers of its own, and mostly waits for them: two at a time.
export default mergeConfig(shared, defineConfig({ test: { isolate: true, maxWorkers: 2 } }))
