import { defineConfig } from 'vite'
import { viteSingleFile } from 'vite-plugin-singlefile'
import { closePage } from './build/close-page.ts'
import { writeNotices } from './build/write-notices.ts'

export default defineConfig({
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: { target: 'es2022', modulePreload: false, reportCompressedSize: false },
  plugins: [viteSingleFile({ removeViteModuleLoader: true }), closePage(), writeNotices()],
})
