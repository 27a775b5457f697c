import { Argument, type Command } from 'commander'
import { isKind } from '../import/kind.ts'
import { examples } from './common.ts'

const withImportFlags = (command: Command): Command =>
  command
    .argument('[source...]', 'files, directories, - for standard input, or the cURL command itself')
    .option('--out <file>', 'write to a file, and scripts beside it')
    .option('--env-out <file>', 'write credentials and environments to a file apart, such as ez.env.yaml')
    .option('--force', 'replace files that are there')
    .option('--debug', 'show stacks of errors')

/** `ez import`. */
export function addImport(program: Command): void {
  const kind = new Argument('<kind>', 'what the source is; guessed when it is left out')
  // Offered and shown, and not required: the first word may be the source.
  kind.argChoices = ['curl', 'postman', 'bruno', 'http', 'ez']
  const command = program
    .command('import')
    .summary('a request file from cURL, Postman, Bruno, .http or an export')
    .description(
      'Writes a request file from what another tool wrote; a directory is read whole. Credentials become variables. What has no counterpart is listed at the end, with its place.',
    )
    .addArgument(kind)
  withImportFlags(command)
    .passThroughOptions()
    .action(async (first: string, rest: string[], flags) => {
      const { importFrom } = await import('../commands/import.ts')
      const named = isKind(first) && !(first === 'curl' && isCurlItself(rest)) ? first : undefined
      const words = named === undefined ? [first, ...rest] : rest
      // Flags after the word "curl" are the cURL command's own; after any other source they are ours.
      if ((named ?? 'curl') === 'curl' && isCurl(words[0])) return importFrom('curl', words, flags)
      if (words.some((word) => word === '-h' || word === '--help')) command.help()
      const own = withImportFlags(program.createCommand('import').copyInheritedSettings(program))
      own.parse(words, { from: 'user' })
      await importFrom(named, own.args, { ...flags, ...own.opts() })
    })
    .addHelpText(
      'after',
      examples(`
        ez import curl "curl https://api.example.com/ -H 'x-app: a'"
        ez import postman orders.postman_collection.json --out orders.yaml
        ez import requests.http --out orders.yaml --env-out ez.env.yaml
        ez import ./bruno-collection --out shop.yaml
        pbpaste | ez import -`),
    )
}

const isCurl = (word: string | undefined): boolean => /^(?:.*[\\/])?curl(?:\.exe)?$/.test(word ?? '')

// `ez import curl https://…`: the kind was left out, and the command stands in many words.
const isCurlItself = ([word = '']: readonly string[]): boolean =>
  /^-[A-Za-z]|^--(?!out$|env-out$|force$|debug$|help$)[a-z]|^[a-z]+:\/\//.test(word)
