import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ez, folder } from './support/ez.ts'

const own = 'method: GET\nurl: https://a.example/{{v}}\n'

describe('extends', () => {
  it('reads each file once, however often files name it', async () => {
    const files: Record<string, string> = { 'in.yaml': `${own}extends: [l0.yaml, l0.yaml]\n` }
    for (let level = 0; level < 30; level += 1)
      files[`l${level}.yaml`] =
        `extends: [l${level + 1}.yaml, l${level + 1}.yaml]\nheaders: { x-${level}: a }\n`
    files['l30.yaml'] = 'variables: { v: deepest }\n'
    const { code, stdout } = await ez(['sign', 'in.yaml'], { cwd: folder(files) })
    expect([code, stdout]).toEqual([0, expect.stringContaining('GET /deepest ')])
    expect(stdout).toContain('x-29: a')
  })

  it('lets the nearest of two ways to a file count', async () => {
    const cwd = folder({
      'in.yaml': `${own}extends: [b.yaml, c.yaml]\n`,
      'b.yaml': 'extends: d.yaml\nvariables: { v: b }\n',
      'c.yaml': 'extends: d.yaml\n',
      'd.yaml': 'variables: { v: d }\nheaders: { x-d: d }\n',
    })
    const { stdout } = await ez(['sign', 'in.yaml'], { cwd })
    // c is named last and wins; what it extends is part of it.
    expect(stdout).toContain('GET /d ')
    expect(stdout).toContain('x-d: d')
  })

  it('ends with a code when too many files are extended', async () => {
    const files: Record<string, string> = { 'in.yaml': `${own}extends: l0.yaml\n` }
    for (let level = 0; level <= 101; level += 1) files[`l${level}.yaml`] = `extends: l${level + 1}.yaml\n`
    const { code, stderr } = await ez(['sign', 'in.yaml'], { cwd: folder(files) })
    expect([code, stderr]).toEqual([2, expect.stringContaining('more than 100 files are extended')])
  })

  it('still tells files that extend each other', async () => {
    const cwd = folder({
      'in.yaml': `${own}extends: b.yaml\n`,
      'b.yaml': 'extends: c.yaml\n',
      'c.yaml': 'extends: b.yaml\n',
    })
    const { code, stderr } = await ez(['sign', 'in.yaml'], { cwd })
    expect([code, stderr]).toEqual([2, expect.stringContaining('EZ_FILE_CYCLE')])
  })
})

describe.skipIf(process.platform === 'win32')('a link beside a request file', () => {
  it.each(['.env', 'ez.env.yaml', 'ez.env.staging.yaml'])(
    'that leads outside its folder is not read without a grant: %s',
    async (name) => {
      const root = folder({ outside: name === '.env' ? 'v=planted\n' : 'v: planted\n' })
      mkdirSync(join(root, 'shared'))
      writeFileSync(join(root, 'shared', 'in.yaml'), own)
      symlinkSync(join(root, 'outside'), join(root, 'shared', name))
      const args = name.includes('staging') ? ['--env', 'staging'] : []
      const refused = await ez(['sign', 'in.yaml', ...args], { cwd: join(root, 'shared') })
      expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('EZ_NOT_ALLOWED')])
      expect(refused.stderr).toContain('--allow outside')
      expect(refused.stdout + refused.stderr).not.toContain('planted')
      const allowed = await ez(['sign', 'in.yaml', '--allow', 'outside', ...args], {
        cwd: join(root, 'shared'),
      })
      expect(allowed.stdout).toContain('GET /planted ')
    },
  )

  it('that stays inside is read', async () => {
    const root = folder({ 'in.yaml': own, 'real.env': 'v=inside\n' })
    symlinkSync('real.env', join(root, '.env'))
    expect((await ez(['sign', 'in.yaml'], { cwd: root })).stdout).toContain('GET /inside ')
  })
})
