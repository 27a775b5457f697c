import { library } from '../../.ci/library.ts'

export default library({
  entry: ['src/index.ts', 'src/verify.ts'],
  removeNodeProtocol: false,
  treeshake: true,
  external: [/^@ez\/(?:core|signature)/],
})
