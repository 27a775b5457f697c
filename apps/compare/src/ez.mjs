// Runs a collection by ez: imported, then sent, one request after the other.
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const bin = fileURLToPath(new URL('../../../packages/cli/dist/bin.js', import.meta.url))

/**
 * Runs a collection; the names of the requests that were sent, in order, and what ez said of the others.
 *
 * @param {object} collection
 * @param {{ values?: { key: string, value: unknown }[] } | undefined} environment
 * @returns {Promise<{ names: string[], problems: Map<string, string> }>}
 */
export async function runEz(collection, environment) {
  const cwd = mkdtempSync(join(tmpdir(), 'ez-compare-'))
  try {
    writeFileSync(join(cwd, 'in.json'), JSON.stringify(collection))
    const values = (environment?.values ?? []).map(({ key, value }) => [key.replace(/[^\w-]+/g, '_'), value])
    writeFileSync(join(cwd, 'vars.json'), JSON.stringify(Object.fromEntries(values)))
    await ez(cwd, ['import', 'postman', 'in.json', '--out', 'out.yaml'])
    const isFlow = /^steps:/m.test(readFileSync(join(cwd, 'out.yaml'), 'utf8'))
    const output = await ez(cwd, [
      ...['run', 'out.yaml', '--vars', 'vars.json', '--json', '--allow', 'network'],
      ...(isFlow ? [] : ['--concurrency', '1']),
    ])
    return isFlow ? ofFlow(output) : ofRequests(output)
  } finally {
    rmSync(cwd, { recursive: true })
  }
}

/** @param {{ stdout: string }} output */
function ofRequests({ stdout }) {
  const { requests } = JSON.parse(stdout)
  /** @type {{ name: string, status?: number, problems: string[] }[]} */
  const all = requests
  const unsent = all.filter(({ status }) => status === undefined)
  return {
    names: all.filter(({ status }) => status !== undefined).map(({ name }) => name),
    problems: new Map(unsent.map(({ name, problems }) => [name, problems.join(' ')])),
  }
}

/** @param {{ stdout: string, stderr: string }} output */
function ofFlow({ stdout, stderr }) {
  const events = stdout.split('\n').flatMap((line) => (line.startsWith('{"') ? [JSON.parse(line)] : []))
  const names = events.filter(({ type }) => type === 'done').map(({ step }) => step)
  return { names, problems: new Map(stderr.trim() === '' ? [] : [['the flow', stderr.trim()]]) }
}

/** @param {string} cwd @param {string[]} parameters @returns {Promise<{ stdout: string, stderr: string }>} */
function ez(cwd, parameters) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [bin, ...parameters], { cwd })
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', (text) => (stdout += text))
    child.stderr.on('data', (text) => (stderr += text))
    child.on('error', reject)
    child.on('close', () => resolve({ stdout, stderr }))
  })
}
