import { library } from '../../.ci/library.ts'

<<<<<<< HEAD
export default library({
  entry: { index: 'src/index.ts', verify: 'src/verify/verify.ts' },
=======
export default defineConfig({
  entry: {
    index: 'src/index.ts',
    'azure-identity': 'src/azure-identity.ts',
    verify: 'src/verify/verify.ts',
  },
  format: 'esm',
  dts: true,
  clean: true,
  target: 'es2022',
  platform: 'neutral',
>>>>>>> 3db1e52 (Take AWS and Azure credentials from where the machine has them)
  external: [/^@ez\/core/],
})
