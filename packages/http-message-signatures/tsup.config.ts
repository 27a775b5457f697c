import { library } from '../../.ci/library.ts'

export default library({
  entry: { index: 'src/index.ts', verify: 'src/verify/verify.ts', response: 'src/response.ts' },
  external: [/^@ez\/core/],
})
