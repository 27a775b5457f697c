import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { EzError, type PreRequestScript } from '@ez/core'
import type { LoadedScript } from './loaded-script.ts'
import { checkJavascriptOptions, invalid, type JavascriptScriptOptions } from './options.ts'
import { runScript } from './run.ts'

/**
 * A pre-request script written in JavaScript, run in a sandbox: no files, no environment, no other
 * request's secrets, and no network but the hosts that `allow` names.
 *
 * Each run has a fresh QuickJS runtime in a worker thread, which is ended from outside when the script
 * does not stop by itself. The script is an ES module (`export default async (request, context) => …`)
 * or plain top-level code, with top-level `await` in both. Its clock and nonce are the attempt's.
 *
 * @throws EZ_OPTION_INVALID, EZ_SCRIPT_UNREADABLE when it is created. When it runs:
 * EZ_SCRIPT_FAILED with the script's own line, EZ_SCRIPT_TIMEOUT, EZ_SCRIPT_MEMORY, EZ_SCRIPT_OUTPUT,
 * EZ_SCRIPT_VALUE, EZ_SANDBOX_BROKEN, EZ_SECRET_WITHHELD
 *
 * @example
 * ```ts
 * import { prepare, secret } from '@ez/core'
 * import { javascriptScript } from '@ez/javascript'
 *
 * const script = javascriptScript({
 *   source: "request.headers.set('x-signature', crypto.hmac('sha256', variables.key, request.body.bytes(), 'hex'))",
 * })
 * const prepared = await prepare(
 *   { method: 'POST', url: 'https://api.example.com/', body: { json: { a: 1 } }, preRequest: [script] },
 *   { variables: { key: secret('example-key-123456') } },
 * )
 * ```
 */
export function javascriptScript(options: JavascriptScriptOptions): PreRequestScript {
  checkJavascriptOptions(options)
  const source = options.source ?? sourceOf(options.file)
  if (source.includes('\0')) throw invalid('the script holds a NUL character.')
  const script: LoadedScript = {
    source,
    file: options.file === undefined ? 'script.js' : basename(options.file),
    module: isModule(source),
    parameters: options.parameters ?? {},
    timeoutMs: options.timeoutMs ?? 1000,
    memoryMb: options.memoryMb ?? 32,
    hosts: options.allow?.hosts,
  }
  return {
    specVersion: 1,
    id: 'javascript',
    reads: readsOf(source),
    run: (request, context) => runScript(script, request, context),
  }
}

function sourceOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new EzError(
      'EZ_SCRIPT_UNREADABLE',
      `javascript: the file ${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'}). Check its path.`,
    )
  }
}

// Plain code may rely on sloppy mode, so only code that exports or imports is a module.
function isModule(source: string): boolean {
  return /(?:^|[;}])[ \t]*(?:export\b|import\b(?!\s*[(.]))/m.test(source)
}

// What the script asks for by `context.runtime('name')`: an earlier script may publish it.
function readsOf(source: string): string[] {
  return Array.from(source.matchAll(/\bruntime\(\s*(['"`])([\w.-]+)/g), (match) => match[2] as string)
}
