import {
  type PostmanAttempt,
  type PostmanOutcome,
  type PostmanScriptsOptions,
  postmanScripts,
} from '@ez/javascript/postman'

export interface Given {
  readonly attempt?: Partial<PostmanAttempt>
  readonly options?: Partial<PostmanScriptsOptions>
}

/** What the scripts of the tests see. */
export const request: PostmanAttempt['request'] = {
  method: 'POST',
  url: 'https://api.example.com/{{v}}/p?q={{v}}&b=2',
  header: [{ key: 'X-A', value: '{{a}}' }],
  body: { mode: 'raw', raw: '{"x":"{{v}}"}' },
}

/** Runs scripts on the request. */
export function run(source: string | string[], { attempt, options }: Given = {}): Promise<PostmanOutcome> {
  const scripts = [source].flat().map((text, index) => ({ name: `script-${index}.js`, source: text }))
  return postmanScripts({ scripts, timeoutMs: 60_000, ...options }).run({
    request,
    scopes: { environment: { key: 'secret', v: '1' }, globals: { g: 'global', key: 'hidden' } },
    now: new Date('2026-01-02T03:04:05Z'),
    ...attempt,
  })
}

/** What an expression is, by way of a variable that a script sets. */
export async function computed(expression: string, given?: Given): Promise<unknown> {
  return (await run(`pm.variables.set('out', ${expression})`, given)).changes.at(-1)?.value
}
