import { library } from '../../.ci/library.ts'

export default library({
  entry: ['src/index.ts'],
  external: [/^@ez\/core/],
})
