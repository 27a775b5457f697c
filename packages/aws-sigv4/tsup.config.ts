import { compact, library } from '../../.ci/library.ts'

export default library({
  entry: {
    index: 'src/index.ts',
    'aws-sdk': 'src/aws-sdk.ts',
    credentials: 'src/credentials/from-aws.ts',
    header: 'src/header.ts',
    v4a: 'src/v4a.ts',
    verify: 'src/verify/verify.ts',
    'v4a/verify': 'src/verify/v4a.ts',
  },
  removeNodeProtocol: false,
  external: [/^@ez\/core/],
  treeshake: { moduleSideEffects: false },
  plugins: [compact],
  esbuildOptions(options) {
    options.minifySyntax = true
  },
})
