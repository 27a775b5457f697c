import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { bin, environment, ez, folder } from './support/ez.ts'

const commands = [
  'run',
  'sign',
  'explain',
  'diagnose',
  'import',
  'lint',
  'providers',
  'init',
  'proxy',
  'login',
  'logout',
  'tokens',
  'completion',
]

describe('help', () => {
  it('names every command, and teaches each with examples', async () => {
    const { stdout, code } = await ez(['--help'])
    expect(code).toBe(0)
    for (const command of commands) {
      expect(stdout).toMatch(new RegExp(`^ {2}${command}\\b`, 'm'))
      const help = await ez([command, '--help'])
      expect(help.code).toBe(0)
      expect(help.stdout).toContain('Usage: ez')
      expect(help.stdout).toContain('Examples:')
      // What a screen of 80 columns holds; examples and a file of rules may be longer.
      const own = help.stdout.slice(0, help.stdout.search(/^(?:Examples|A file of rules):/m))
      expect(own.split('\n').filter((line) => line.length > 80)).toEqual([])
    }
  })

  it('prints the version', async () => {
    expect((await ez(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
  })
})

describe('completion', () => {
  it('completes commands, flags and their values', async () => {
    expect((await ez(['complete', '--', 'ex'])).stdout).toMatch(/^explain\b/m)
    expect((await ez(['complete', '--', 'run', '--'])).stdout.match(/^--[a-z-]+/gm)).toEqual(
      expect.arrayContaining(['--bail', '--force', '--from', '--follow', '--include', '--keep', '--types']),
    )
    expect((await ez(['complete', '--', 'sign', '--format', ''])).stdout).toMatch(/^curl\b/m)
  })

  it('leaves files to the shell, where a file is wanted', async () => {
    const last = async (...words: string[]): Promise<string | undefined> =>
      (await ez(['complete', '--', ...words])).stdout.trim().split('\n').at(-1)
    expect(await last('run', 'or')).toBe(':0')
    expect(await last('run', '--env-file', '')).toBe(':0')
    expect(await last('sign', '--format', '')).toBe(':4')
    expect(await last('sign', '--nothing')).toBe(':4')
    expect(await last('nothing')).toBe(':4')
  })

  it('works in a bash without helpers, read twice, and completes files', () => {
    const cwd = folder({ 'orders.yaml': '' })
    writeFileSync(join(cwd, 'ez'), `#!/bin/sh\nexec "${process.execPath}" "${bin}" "$@"\n`, { mode: 0o755 })
    const script = `
      eval "$(ez completion bash)"; eval "$(ez completion bash)"
      compopt() { :; }
      try() { COMP_WORDS=(ez "$@"); COMP_CWORD=$#; COMPREPLY=(); __ez_complete; echo "\${COMPREPLY[*]}"; }
      try exp; try sign --format c; try run or; complete -p ez`
    const text = execFileSync('bash', ['--norc', '-c', script], {
      cwd,
      env: { ...environment(), PATH: `${cwd}:${process.env.PATH}` },
      encoding: 'utf8',
    })
    expect(text).toBe('explain\ncurl\n\ncomplete -o default -F __ez_complete ez\n')
  })

  it('gives scripts that their shells take', async () => {
    for (const shell of ['bash', 'zsh', 'fish', 'powershell']) {
      const { code, stdout } = await ez(['completion', shell])
      expect(code).toBe(0)
      expect(stdout).toContain('ez')
      if (shell === 'bash') {
        const file = join(folder({}), 'ez.bash')
        writeFileSync(file, stdout)
        execFileSync('bash', ['-n', file])
      }
    }
    expect((await ez(['completion', 'tcsh'])).code).toBe(2)
  })
})

describe('output', () => {
  const cwd = folder({ 'in.yaml': 'method: GET\nurl: https://api.example.com/\n' })

  it('has colours when they are wanted, and never with NO_COLOR or --no-color', async () => {
    const colour = '\u001b['
    expect((await ez(['explain', 'in.yaml'], { cwd })).stdout).not.toContain(colour)
    expect((await ez(['explain', 'in.yaml'], { cwd, env: { FORCE_COLOR: '1' } })).stdout).toContain(colour)
    expect(
      (await ez(['explain', 'in.yaml'], { cwd, env: { FORCE_COLOR: '1', NO_COLOR: '1' } })).stdout,
    ).not.toContain(colour)
    expect(
      (await ez(['explain', 'in.yaml', '--no-color'], { cwd, env: { FORCE_COLOR: '1' } })).stdout,
    ).not.toContain(colour)
  })

  it('ends quietly when its reader has seen enough', () => {
    const text = execFileSync('sh', ['-c', `"${process.execPath}" "${bin}" explain in.yaml | head -c 1`], {
      cwd,
      env: environment(),
      encoding: 'utf8',
    })
    expect(text).toBe('f')
  })
})
