import { describe, expect, test } from 'vitest'
import { run, shown } from './support.ts'

const known = { context: { variables: { known: 'yes', list: [1] } } }

describe('what is no text is never sent', () => {
  test.each([
    "request.headers.set('x-u', undefined)",
    "request.headers.set('x-u', variables.list[7])",
    "request.headers.append('x-u', null)",
    "request.headers.set('x-u', {})",
    "request.headers.set('x-u', [])",
    "request.headers.set('x-u', Symbol('a'))",
    "request.headers.set('x-u', () => 1)",
    "request.headers.set('x-u', 1 / 0)",
    "request.headers.set('x-u', { toString() { throw new Error('no') } })",
    "request.headers.set(undefined, 'a')",
    'request.headers.delete(undefined)',
    "request.query.set('q', undefined)",
    "request.query.append('q', Number('x'))",
    'request.method = undefined',
    'request.url = null',
    'request.setBody({ text: null })',
    'request.setBody({ json: () => 1 })',
    "request.setBody({ multipart: [{ value: 'a' }] })",
    "request.setBody({ multipart: [{ name: 'a', value: 'b', filename: null }] })",
    "publish('a', undefined)",
    "publish('a', () => {})",
    "publish(undefined, 'a')",
    // The script's own care does not undo it: what it meant to write is unknown.
    "try { request.headers.set('x-u', undefined) } catch {}",
  ])('%s', async (source) => {
    await expect(run(source, known)).rejects.toMatchObject({ code: 'EZ_SCRIPT_VALUE' })
  })

  test('the message names place and line', async () => {
    await expect(run("\nrequest.headers.set('x-u', undefined)")).rejects.toMatchObject({
      message: expect.stringContaining("line 2: request.headers.set('x-u'): the value is no text"),
      details: { file: 'script.js', line: 2 },
    })
  })

  test.each([
    ["'text'", 'text'],
    ["''", ''],
    ['12.5', '12.5'],
    ['-0', '0'],
    ['true', 'true'],
    ['new String("a") + ""', 'a'],
  ])('%s is text', async (value, expected) => {
    expect((await run(`request.headers.set('x-u', ${value})`)).headers).toContainEqual(['x-u', expected])
  })

  test('a URL object is a URL', async () => {
    expect((await run("request.url = new URL('https://b.example/c')")).url).toBe('https://b.example/c?q=1')
  })
})

describe('a variable that nobody defined', () => {
  test.each([
    'variables.nope',
    "variables['no' + 'pe']",
    'const { nope } = variables',
    'context.variables.nope',
  ])('%s fails the run', async (source) => {
    await expect(run(source, known)).rejects.toMatchObject({
      code: 'EZ_SCRIPT_VALUE',
      message: expect.stringContaining('variables.nope: there is no such variable'),
    })
  })

  test.each<[string, string]>([
    ["'nope' in variables, 'known' in variables", 'false true'],
    ['Object.keys(variables)', '["list","known"]'],
    ['Object.hasOwn(variables, "nope"), variables.hasOwnProperty("known")', 'false true'],
    ['variables[Symbol.iterator], variables.then, variables.toJSON', 'undefined undefined undefined'],
    ['JSON.stringify(variables)', '{"list":[1],"known":"yes"}'],
    ['variables.get("nope", "x"), variables.get("known", "x"), variables.get("nope")', 'x yes undefined'],
    ['(await (async () => variables)()).known', 'yes'],
    ['{ ...variables }', '{"list":[1],"known":"yes"}'],
    ['variables.known', 'yes'],
  ])('%s does not', async (expression, expected) => {
    const text = await shown(expression, known)
    expect(
      text
        .replace('["known","list"]', '["list","known"]')
        .replace('{"known":"yes","list":[1]}', '{"list":[1],"known":"yes"}'),
    ).toBe(expected)
  })

  test('a variable may be called get', async () => {
    expect(await shown('variables.get', { context: { variables: { get: 'own' } } })).toBe('own')
  })
})
