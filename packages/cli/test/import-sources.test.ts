import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { loadRequests } from '../src/files/load.ts'
import { Grants } from '../src/grants.ts'
import { environmentFiles } from '../src/import/environment-files.ts'
import { guessKind } from '../src/import/kind.ts'
import { noteLines } from '../src/import/notes.ts'
import { readImport } from '../src/import/read.ts'
import { relocate } from '../src/import/relocate.ts'
import { ez, folder } from './support/ez.ts'

const postman = (url = 'https://a.example/p'): string =>
  JSON.stringify({ info: { name: 'P' }, item: [{ name: 'from postman', request: { method: 'GET', url } }] })
const environment = JSON.stringify({
  name: 'Stage 1',
  values: [
    { key: 'host', value: 'stage.example.com' },
    { key: 'api_key', value: 'stage-key', type: 'secret' },
  ],
  _postman_variable_scope: 'environment',
})

it.each([
  ['a.http', 'x', 'http'],
  ['a.rest', 'x', 'http'],
  ['a.bru', 'x', 'bruno'],
  ['a.ez', '{}', 'ez'],
  ['a.json', postman(), 'postman'],
  ['a.json', environment, 'environment'],
  ['a.json', '[{ "Endpoint URL": "https://a.example" }]', 'ez'],
  ['a.json', '{"a":1}', undefined],
  ['a.json', '{"a":', undefined],
  ['a.yml', 'opencollection: 1.0.0', 'bruno'],
  ['a.yml', 'info: { type: http }\nhttp: { method: get }', 'bruno'],
  ['a.yml', 'curl: 1', undefined],
  ['', '# pasted\n$ TOKEN=a curl https://a.example', 'curl'],
  ['a.sh', '#!/bin/sh\n/usr/bin/curl \\\n  https://a.example', 'curl'],
  ['a.txt', '### one\nGET https://a.example', 'http'],
  ['a.txt', 'POST https://a.example', 'http'],
  ['a.txt', 'We curled it.', undefined],
])('guesses what %s is that holds %s', (name, text, kind) => {
  expect(guessKind(name, text)).toBe(kind)
})

const bru = (name: string): string =>
  `meta {\n  name: ${name}\n  type: http\n  seq: 1\n}\n\nget {\n  url: {{host}}/b\n  body: none\n  auth: none\n}\n`

const several = {
  'api/one.http': '# @name first\nGET {{host}}/1\n\n###\nPOST {{host}}/2\nX-Api-Key: abc\n\n< ./body.json\n',
  'api/body.json': '{}',
  'api/http-client.env.json': '{ "dev": { "host": "https://dev.example.com" } }',
  'shop.postman_collection.json': postman(),
  'stage.postman_environment.json': environment,
  'bruno/bruno.json': '{ "version": "1", "name": "B", "type": "collection" }',
  'bruno/sub/b.bru': bru('from bruno'),
  'bruno/environments/Prod.bru': 'vars {\n  host: https://prod.example.com\n}\n',
  'node_modules/x/skipped.http': 'GET https://skipped.example/',
  'README.md': '# GET https://not.example/',
}

describe('ez import', () => {
  it('reads a directory whole, with the environments that lie in it', async () => {
    const { found, environments } = await readImport(undefined, [folder(several)])
    expect(found.map(({ imported: { request } }) => [request.name, request.method])).toEqual([
      ['api / one / first', 'GET'],
      ['api / one', 'POST'],
      ['shop.postman_collection / from postman', 'GET'],
      ['sub / from bruno', 'GET'],
    ])
    expect(environments).toEqual([
      { name: 'Stage 1', variables: { host: 'stage.example.com', api_key: 'stage-key' } },
      { name: 'Prod', variables: { host: 'https://prod.example.com' } },
      { name: 'dev', variables: { host: 'https://dev.example.com' } },
    ])
    const onlyHttp = await readImport('http', [folder(several)])
    expect(onlyHttp.found).toHaveLength(2)
  })

  it('says what it cannot tell, and refuses an environment without its collection', async () => {
    const cwd = folder({ 'a.txt': 'nothing', 'e.json': environment, 'empty/a.md': '' })
    await expect(readImport(undefined, [join(cwd, 'a.txt')])).rejects.toThrow(
      'it cannot be told what this is',
    )
    await expect(readImport(undefined, [join(cwd, 'e.json')])).rejects.toThrow('Name the collection')
    await expect(readImport(undefined, [join(cwd, 'empty')])).rejects.toThrow('no file in this directory')
  })

  it('names each thing once, with the requests that it is about', async () => {
    const text =
      '### one\nGET https://a.example/1\n\n> {% x %}\n### two\nGET https://a.example/2\n\n> {% x %}\n'
    const cwd = folder({ 'a.http': text })
    const { found } = await readImport('http', [join(cwd, 'a.http')])
    const file = join(cwd, 'a.http')
    expect(noteLines(found)).toEqual([
      `note: What the file does with the response was left out: use expect, or --output. (${file}: "one", ${file}: "two")`,
    ])
  })

  it('writes credentials apart, and each environment in a file of its own', () => {
    const files = environmentFiles('out/ez.env.yaml', { token: 'a: {{b}}' }, [
      { name: 'Stage 1', variables: { host: 'h', api_key: 'k' } },
      { name: '', variables: { shared: '1' } },
    ])
    expect(files.map(({ path, text }) => [path, parse(text)])).toEqual([
      ['out/ez.env.yaml', { token: { secret: 'a: \\{{b}}' }, shared: '1' }],
      [join('out', 'ez.env.stage-1.yaml'), { host: 'h', api_key: { secret: 'k' } }],
    ])
  })

  it('names files of bodies from the folder of the new file', () => {
    const request = {
      body: {
        multipart: [
          { name: 'a', file: './x.txt' },
          { name: 'b', value: 'v' },
        ],
      },
    }
    expect(relocate(request, join('/r', 'api'), '/r').body?.multipart?.[0]?.file).toBe('./api/x.txt')
    expect(relocate({ body: { file: 'x.txt' } }, '/r', join('/r', 'out')).body?.file).toBe('../x.txt')
    expect(relocate({ body: { file: '{{f}}' } }, '/r', join('/r', 'out')).body?.file).toBe('{{f}}')
  })

  it('as a command: what it wrote lints, credentials stand apart alone, and the list comes last', async () => {
    const cwd = folder(several)
    const { code, stderr } = await ez(['import', '.', '--out', 'all.yaml', '--env-out', 'ez.env.yaml'], {
      cwd,
    })
    expect([code, stderr]).toEqual([
      0,
      expect.stringMatching(/^Wrote all\.yaml: 4 requests\.\n[\s\S]*\nnote: [^\n]*\n$/),
    ])
    expect(stderr).toContain('Set x_api_key (the header X-Api-Key). (')
    const text = readFileSync(join(cwd, 'all.yaml'), 'utf8')
    expect(text).not.toContain('abc')
    expect(text).toContain("X-Api-Key: '{{x_api_key}}'".replaceAll("'", '"'))
    expect(text).toContain('file: ./api/body.json')
    expect(parse(readFileSync(join(cwd, 'ez.env.yaml'), 'utf8'))).toEqual({ x_api_key: { secret: 'abc' } })
    const lint = await ez(['lint', 'all.yaml', '--env', 'prod'], { cwd })
    expect([lint.code, lint.stdout + lint.stderr]).toEqual([0, expect.not.stringContaining('error')])
  })
})

it.each([
  ['shop.postman_collection.json', postman(), 'a Postman collection', 'shop.yaml'],
  ['stage.json', environment, 'an environment of Postman', 'stage.yaml'],
  ['a.http', 'GET https://a.example', 'a .http file', 'a.yaml'],
  ['a.bru', bru('b'), 'a file of Bruno', 'a.yaml'],
  ['opencollection.yaml', 'opencollection: 1.0.0', 'a file of OpenCollection', 'ez-opencollection.yaml'],
])('ez run %s says which import to use', async (name, text, what, out) => {
  const file = join(folder({ [name]: text }), name)
  await expect(loadRequests(file, new Grants([]))).rejects.toMatchObject({
    code: 'EZ_FILE_INVALID',
    message: `${file}: this is ${what}, and no request file. Write one from it: ez import ${file} --out ${out}`,
  })
})
