// Values for names that nobody gave, so that a script can be run for its faults alone.
const guesses: readonly [RegExp, unknown][] = [
  [/^(?:host)$/i, 'service.example.com'],
  [/host_?name|endpoint|base_?url/i, 'https://service.example.com'],
  [/uri|path/i, '/example/path'],
  [/master_?key/i, 'ZXhhbXBsZS1tYXN0ZXIta2V5'],
  [/access_?key|key_?id/i, 'AKIDEXAMPLE'],
  [/region/i, 'us-east-1'],
  [/service/i, 'execute-api'],
  [/account/i, '1234567-sb1'],
  [/resource_?type/i, 'docs'],
  [/resource_?(?:id|link)/i, 'dbs/Shop/colls/Orders'],
  [/method|verb/i, 'POST'],
  [/body|payload|data|params/i, { example: 'value' }],
]

/** A likely value for a name; secrets get text that is unlike any other. */
export function guess(name: string): unknown {
  return (
    guesses.find(([pattern]) => pattern.test(name))?.[1] ?? `example-${name.replace(/\W/g, '-')}-0123456789`
  )
}
