import { library } from '../../.ci/library.ts'

export default library({
  entry: { index: 'src/index.ts', oauth1: 'src/oauth1.ts', verify: 'src/verify/verify.ts' },
  removeNodeProtocol: false,
  // One statement for each import, and no chunk that both entries hold whole: a bundle keeps what it uses.
  treeshake: true,
  splitting: false,
  external: [/^@ez\/core/],
})
