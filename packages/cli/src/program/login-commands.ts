import type { Command } from 'commander'
import { collect, examples, wholeNumber, withCommonFlags } from './common.ts'

/** Commands on the tokens that are kept. */
export function addLoginCommands(program: Command): void {
  withCommonFlags(
    program
      .command('login')
      .summary('a first token from a person')
      .description(
        'Logs in for the OAuth pre-request steps of a request file: in a browser, or with a code on another device. The token is stored encrypted, for this file and its hosts.',
      )
      .argument('<file>', 'request file; file.yaml#name for one request of several'),
  )
    .optionsGroup('Login:')
    .option('--use <provider>', 'only the steps of this provider')
    .option('--no-browser', 'print the address, and open nothing')
    .option('--timeout <seconds>', 'how long the person may take', wholeNumber(1, 86_400), 300)
    .option('--ca <file>', 'certificate authority, beside the built-in ones', collect)
    .option('--cert <file>', 'client certificate')
    .option('--key <file>', 'key of the client certificate')
    .action(async (file: string, flags) => (await import('../commands/login.ts')).login(file, flags))
    .addHelpText(
      'after',
      examples(`
        ez login orders.yaml
        ez login orders.yaml --no-browser
        ez login orders.yaml --use @ez/oauth2/device-code`),
    )
  withCommonFlags(
    program
      .command('logout')
      .summary('delete a stored login')
      .description('Deletes the stored logins of a request file. The server is not told.')
      .argument('[file]', 'request file; file.yaml#name for one request of several'),
  )
    .optionsGroup('Login:')
    .option('--use <provider>', 'only the steps of this provider')
    .option('--all', 'everything that the store holds')
    .action(async (file: string | undefined, flags) =>
      (await import('../commands/logout.ts')).logout(file, flags),
    )
    .addHelpText('after', examples('ez logout orders.yaml'))
  program
    .command('tokens')
    .summary('what the store of tokens holds')
    .description('Lists the stored tokens: of whom, for what, until when. It prints no values.')
    .option('--json', 'print JSON')
    .option('--no-color', 'no colours')
    .option('--debug', 'show stacks of errors')
    .action(async (flags) => (await import('../commands/tokens.ts')).tokens(flags))
    .addHelpText('after', examples('ez tokens --json'))
}
