export { javascriptScript } from './javascript-script.ts'
export type { JavascriptScriptOptions, NetworkGrant } from './options.ts'
