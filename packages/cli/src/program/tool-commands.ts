import type { Command } from 'commander'
import { allowOption, collect, examples, wholeNumber, withCommonFlags } from './common.ts'
import { addImport } from './import-command.ts'

/** Commands beside request files. */
export function addToolCommands(program: Command): void {
  addImport(program)
  addInit(program)
  addProxy(program)
  addDescribe(program)
  addInspect(program)
  program
    .command('providers')
    .summary('the installed providers and their options')
    .description('Lists the providers that a request file in this folder can use, with their options.')
    .argument('[use]', 'only this one, with all its options')
    .addOption(allowOption())
    .option('--json', 'print JSON')
    .option('--no-color', 'no colours')
    .option('--debug', 'show stacks of errors')
    .action(async (use: string | undefined, flags) =>
      (await import('../commands/providers.ts')).providers(use, flags),
    )
    .addHelpText(
      'after',
      examples(`
        ez providers
        ez providers @ez/aws-sigv4`),
    )
}

function addInit(program: Command): void {
  program
    .command('init')
    .summary('a working request file for a chosen provider')
    .description('Asks a few questions and writes a request file to start from.')
    .option('--provider <use>', 'do not ask: this provider, or none')
    .addOption(allowOption())
    .option('--out <file>', 'name of the file (default: request.yaml)')
    .option('--force', 'replace a file that is there')
    .option('--debug', 'show stacks of errors')
    .action(async (flags) => (await import('../commands/init.ts')).init(flags))
    .addHelpText(
      'after',
      examples(`
        ez init
        ez init --provider @ez/aws-sigv4 --out list.yaml`),
    )
}

function addProxy(program: Command): void {
  withCommonFlags(
    program
      .command('proxy')
      .summary('a signing proxy on loopback')
      .description(
        'Listens on 127.0.0.1 and signs what programs of this machine send through it: curl, Postman, Python, a BI tool. Only what a rule allows is forwarded.',
      )
      .argument('<rules>', 'file of rules: host, methods, paths, preRequest'),
  )
    .optionsGroup('Proxy:')
    .option('--port <number>', 'port on 127.0.0.1; 0 for any', wholeNumber(0, 65_535), 8180)
    .option('--socket <path>', 'listen on a Unix socket instead')
    .option(
      '--buffer-bytes <number>',
      'bodies up to here are held whole, so that they can be hashed',
      wholeNumber(0),
      16_777_216,
    )
    .option('--timeout <milliseconds>', 'longest silence of the other side', wholeNumber(1), 60_000)
    .option('--ca <file>', 'certificate authority, beside the built-in ones', collect)
    .option('--cert <file>', 'client certificate')
    .option('--key <file>', 'key of the client certificate')
    .action(async (file: string, flags) => (await import('../commands/proxy.ts')).proxy(file, flags))
    .addHelpText(
      'after',
      `
A file of rules:
  rules:
    - name: orders
      host: api.example.com
      methods: [GET, POST]
      paths: ['/orders', '/orders/**']
      preRequest:
        - use: '@ez/aws-sigv4'
          with: { service: execute-api, region: us-east-1, credentials: { accessKeyId: '{{access_key}}', secretAccessKey: '{{secret_key}}' } }
${examples(`
        ez proxy rules.yaml --env-file .env
        curl -H 'x-ez-token: …' http://127.0.0.1:8180/api.example.com/orders`)}`,
    )
}

function addDescribe(program: Command): void {
  program
    .command('describe')
    .summary("a described signature's stages, and what is wrong with it")
    .description(
      'Shows the stages of a signature that is described in a file, for a request. With the value that the vendor gives, tries the usual suspects (encoding, order, line feed at the end, form of the key, case) and says which fits. Exit code 1 when the description as it is does not.',
    )
    .argument('<file>', 'description of a signature: YAML or JSON')
    .requiredOption(
      '--request <file>',
      'a request as it is sent: POST https://…, headers, an empty line, the body',
    )
    .option('--expect <value>', 'the signature that the vendor gives for it')
    .option('--option <name=value>', 'an option of the description; name:=json for a list', collect)
    .option('--options <file>', 'options from a YAML or JSON file')
    .option('--at <instant>', 'when it was signed: ISO, or a number of seconds, milliseconds or microseconds')
    .option('--nonce <text>', 'the nonce that it was signed with')
    .option(
      '--vector <title>',
      'print the case as a test vector, with its credentials, once the value is reached',
    )
    .option('--json', 'print JSON')
    .option('--no-color', 'no colours')
    .option('--debug', 'show stacks of errors')
    .action(async (file: string, flags) => (await import('../commands/describe.ts')).describe(file, flags))
    .addHelpText(
      'after',
      examples(`
        ez describe pay.yaml --request order.http --option apiKey=k --option apiSecret=s --at 1768480560000
        ez describe pay.yaml --request order.http --options keys.yaml --expect 5f70bf18…`),
    )
}

function addInspect(program: Command): void {
  withCommonFlags(
    program
      .command('inspect')
      .summary('the inspector page, filled in')
      .description(
        'Opens a page that works without a network and sends nothing: each part of a signed request, and what differs from what the server says it expected. It comes with the package @ez/inspector. Secrets and signatures are left out.',
      )
      .argument('[file]', 'request file; file.yaml#name for one request of several'),
  )
    .optionsGroup('The page:')
    .option('--curl <file>', 'instead of a request file: a request as it was signed elsewhere')
    .option('--response <file>', 'saved answer: of ez run --save, of curl -i, JSON, or a body alone')
    .option('--status <number>', 'its status, when a body alone was saved', wholeNumber(100))
    .option('--with-secrets', 'write the request as it is sent, unmasked')
    .option('--no-open', 'only write the page, and print where it lies')
    .action(async (file: string | undefined, flags) =>
      (await import('../commands/inspect.ts')).inspect(file, flags),
    )
    .addHelpText(
      'after',
      examples(`
        ez inspect orders.yaml --response body.xml
        ez inspect --curl request.txt --response answer.txt`),
    )
}
