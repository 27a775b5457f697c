import { describe, expect, test } from 'vitest'
import { type PrepareContext, prepare, type RequestTemplate, signRequest } from '../../src/index.ts'
import { errorOf, headerSigner } from '../support/support.ts'

const template = { method: 'GET', url: 'https://api.example.com/' }

describe('a misspelt name does not go unheard', () => {
  test.each([
    ['prerequest', 'preRequest'],
    ['pre_request', 'preRequest'],
    ['preRequests', 'preRequest'],
    ['header', 'headers'],
    ['Headers', 'headers'],
    ['qeury', 'query'],
    ['Body', 'body'],
  ])('in a template: %s', async (name, meant) => {
    const error = await errorOf(prepare({ ...template, [name]: [headerSigner()] }))
    expect(error).toMatchObject({
      code: 'EZ_TEMPLATE_INVALID',
      message: expect.stringMatching(`template.${name}: .*did you mean ${meant}\\?`),
    })
  })

  test.each([
    ['allowedHost', 'allowedHosts'],
    ['allowed_hosts', 'allowedHosts'],
    ['alowedHost', 'allowedHosts'],
    ['stepTimeoutMS', 'stepTimeoutMs'],
    ['Variables', 'variables'],
    ['nounce', 'nonce'],
  ])('in a context: %s', async (name, meant) => {
    const context: PrepareContext = { [name]: ['api.example.com'] }
    for (const attempt of [prepare(template, context), signRequest(template, [], context)])
      expect(await errorOf(attempt)).toMatchObject({
        code: 'EZ_OPTION_INVALID',
        message: expect.stringMatching(`context.${name}: .*did you mean ${meant}\\?`),
      })
  })
})

test('names that resemble none are the user’s own', async () => {
  const own = {
    id: 1,
    notes: 'x',
    description: '',
    tags: [],
    auth: null,
    tests: [],
    title: '',
    postRequest: [],
  }
  const context = { ...own, environment: 'test', hooks: {} }
  await expect(prepare({ ...own, ...template }, context as PrepareContext)).resolves.toBeDefined()
})

test('what an object inherits is not its own', async () => {
  const inherited: RequestTemplate = Object.assign(Object.create({ header: 'x' }), template)
  await expect(prepare(inherited)).resolves.toBeDefined()
})
