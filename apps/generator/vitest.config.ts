import { defineConfig, mergeConfig } from 'vitest/config'
import { shared } from '../../.ci/vitest/shared.ts'

export default mergeConfig(shared, defineConfig({ test: { testTimeout: 300_000, maxConcurrency: 2 } }))
