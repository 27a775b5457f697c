import { Argument, type Command } from 'commander'
import { examples } from './common.ts'

/** Commands beside request files. */
export function addToolCommands(program: Command): void {
  addImport(program)
  addInit(program)
  program
    .command('providers')
    .summary('the installed providers and their options')
    .description('Lists the providers that a request file in this folder can use, with their options.')
    .argument('[use]', 'only this one, with all its options')
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

function addImport(program: Command): void {
  program
    .command('import')
    .summary('a request file from cURL, Postman, .http or an export')
    .description('Writes a request file from what another tool wrote. What has no counterpart is said.')
    .addArgument(new Argument('<kind>', 'what the source is').choices(['curl', 'postman', 'http', 'ez']))
    .argument('<source...>', 'a file, - for standard input, or the cURL command itself')
    .option('--out <file>', 'write to a file, and scripts beside it')
    .option('--force', 'replace files that are there')
    .option('--debug', 'show stacks of errors')
    .passThroughOptions()
    .action(async (kind, words: string[], flags) =>
      (await import('../commands/import.ts')).importFrom(kind, words, flags),
    )
    .addHelpText(
      'after',
      examples(`
        ez import curl "curl https://api.example.com/ -H 'x-app: a'"
        ez import --out orders.yaml postman orders.postman_collection.json
        ez import http requests.http > requests.yaml
        pbpaste | ez import curl -`),
    )
}

function addInit(program: Command): void {
  program
    .command('init')
    .summary('a working request file for a chosen provider')
    .description('Asks a few questions and writes a request file to start from.')
    .option('--provider <use>', 'do not ask: this provider, or none')
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
