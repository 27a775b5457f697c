import { library } from '../../.ci/library.ts'

export default library({
  entry: ['src/index.ts'],
  platform: 'node',
  external: [/^@ez\//, 'bullmq', 'ioredis', 'pg', 'p-limit'],
})
