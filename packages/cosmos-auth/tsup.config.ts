import { library } from '../../.ci/library.ts'

export default library({
  entry: {
    index: 'src/index.ts',
    'azure-identity': 'src/azure-identity.ts',
    verify: 'src/verify/verify.ts',
  },
  removeNodeProtocol: false,
  treeshake: true,
  external: [/^@ez\/core/],
})
