import { defineConfig, mergeConfig } from 'vitest/config'
import { shared } from '../../.ci/vitest/shared.ts'

// Some files set the environment and the exit code of the process. The files start the program again and again, and are
// the last to run: two at a time leave no core idle.
export default mergeConfig(shared, defineConfig({ test: { isolate: true, maxWorkers: 2 } }))
