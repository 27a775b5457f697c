/**
 * A provider as somebody else would write it, in plain JavaScript: it counts how often it is created, and
 * reads a refusal that says `expected: <line>`.
 */
export const countingProvider: Readonly<Record<string, string>> = {
  'node_modules/ez-counting/package.json': JSON.stringify({
    name: 'ez-counting',
    version: '1.2.3',
    description: 'Counts',
    keywords: ['ez-provider'],
    type: 'module',
    exports: { '.': './index.js', './package.json': './package.json' },
  }),
  'node_modules/ez-counting/index.js': `let created = 0
export const provider = {
  id: 'counting',
  options: { type: 'object', required: ['key'], additionalProperties: false, properties: { key: { type: 'string', description: 'Anything' } } },
  create: ({ key }) => {
    const number = ++created
    return {
      specVersion: 1,
      id: 'counting',
      writes: { headers: ['x-created'], query: [] },
      sign: (request, context) => ({
        patch: { headers: { 'x-created': number + ' ' + context.now().toISOString() + ' ' + context.nonce() }, query: [] },
        trace: [{ id: 'canonical-request', value: request.method + '\\n' + request.url }],
        secrets: [key],
      }),
      diagnose: ({ status, body }, prepared) => {
        const expected = /expected: (.*)/.exec(new TextDecoder().decode(body))?.[1]
        if (status !== 403 || expected === undefined) return undefined
        const signed = prepared.trace.find(({ id }) => id === 'canonical-request').value.split('\\n')
        return { cause: 'signature-mismatch', message: 'The URLs differ.', differences: expected === signed[1] ? [] : [{ stage: 'canonical-request', line: 2, expected, signed: signed[1] }] }
      },
    }
  },
}
`,
}

export const countedRequest = `method: POST
url: '{{base_url}}/a'
headers: { x-row: '{{id}}' }
body: { text: hello }
preRequest:
  - use: ez-counting
    with: { key: '{{key}}' }
`
