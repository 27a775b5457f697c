import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { AnsiUp } from 'ansi_up'

const program = resolve('packages/cli/dist/bin.js')

/** What `ez` prints for a reader without colours. @param {string[]} parameters */
export function ez(parameters) {
  const env = { ...process.env, NO_COLOR: '1', COLUMNS: '78' }
  return execFileSync(process.execPath, [program, ...parameters], { encoding: 'utf8', env })
}

/**
 * A picture of a terminal: what `ez` really prints, in its colours, as HTML.
 * @param {string} shown the command as a reader would type it
 * @param {string[]} parameters the same, with what pins the instant and the example's secrets
 */
export function pictureOf(shown, parameters) {
  const folder = mkdtempSync(join(tmpdir(), 'picture-'))
  try {
    cpSync('.ci/site/pictures/example', folder, { recursive: true })
    mkdirSync(join(folder, 'node_modules/@ez'), { recursive: true })
    symlinkSync(resolve('packages/aws-sigv4'), join(folder, 'node_modules/@ez/aws-sigv4'), 'junction')
    const env = { ...process.env, FORCE_COLOR: '1', COLUMNS: '76', NO_COLOR: '' }
    const { stdout, stderr, status } = spawnSync(process.execPath, [program, ...parameters], {
      cwd: folder,
      encoding: 'utf8',
      env,
    })
    if (status === 2 || stdout === '') throw new Error(`${shown} printed no picture: ${stderr}`)
    return terminal(shown, stdout)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The table at the end of the demo, which has sent its requests to its own endpoints meanwhile. */
export function demoPicture() {
  const env = { ...process.env, FORCE_COLOR: '1', COLUMNS: '76', NO_COLOR: '' }
  const { stdout, stderr, status } = spawnSync(process.execPath, ['apps/demo/src/main.ts'], {
    encoding: 'utf8',
    env,
  })
  const start = stdout.lastIndexOf('\n\n', stdout.lastIndexOf('stale clock'))
  if (status !== 0 || start < 0) throw new Error(`The demo gave no table: ${stderr}`)
  return terminal('npx -y pnpm@10.34.8 demo', stdout.slice(start).trimStart())
}

/** @param {string} shown @param {string} output with colours of the terminal */
function terminal(shown, output) {
  const ansi = new AnsiUp()
  ansi.use_classes = true
  const html = ansi.ansi_to_html(output.trimEnd()).replaceAll('{{', '&#123;&#123;')
  return `<figure class="terminal"><figcaption>$ ${shown}</figcaption><pre tabindex="0">${html.replaceAll('\n\n', '\n&#8203;\n')}</pre></figure>`
}
