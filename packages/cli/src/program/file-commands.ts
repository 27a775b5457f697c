import { type Command, Option } from 'commander'
import { examples, wholeNumber, withCommonFlags } from './common.ts'

/** Commands on a request file. */
export function addFileCommands(program: Command): void {
  withCommonFlags(
    program
      .command('run')
      .summary('prepare and send')
      .description('Prepares and sends requests; prints status and timing. Exit code 1 when a request fails.')
      .argument('<file...>', 'request files; file.yaml#name for one request of several'),
  )
    .optionsGroup('Sending:')
    .option('--concurrency <number>', 'requests at the same time', wholeNumber(1), 4)
    .option('--timeout <milliseconds>', 'limit for one request', wholeNumber(1), 60_000)
    .action(async (files: string[], flags) => (await import('../commands/run.ts')).run(files, flags))
    .addHelpText(
      'after',
      examples(`
        ez run orders.yaml --env staging
        ez run requests/*.yaml --concurrency 8`),
    )
  withCommonFlags(
    program
      .command('sign')
      .summary('prepare, do not send')
      .description(
        'Prints the request as it would be sent. The output is the request itself: it holds what is signed, unmasked. Add --mask to show it to somebody.',
      )
      .argument('<file>', 'request file; file.yaml#name for one request of several'),
  )
    .optionsGroup('Output:')
    .addOption(
      new Option('--format <format>', 'how it is printed (default: http)').choices(['http', 'curl', 'json']),
    )
    .addOption(new Option('--shell <shell>', 'quoting of curl').choices(['posix', 'powershell']))
    .option('--mask', 'replace secrets by ***')
    .action(async (file: string, flags) => (await import('../commands/sign.ts')).sign(file, flags))
    .addHelpText(
      'after',
      examples(`
        ez sign orders.yaml --format curl | sh
        ez sign orders.yaml --format json --at 2026-11-21T08:00:00Z --nonce abc
        ez sign orders.yaml --format curl --mask`),
    )
  withCommonFlags(
    program
      .command('explain')
      .summary('every stage of the trace, masked')
      .description(
        'Shows every stage: resolved request, canonical request, string to sign, what each step changed.',
      )
      .argument('<file>', 'request file; file.yaml#name for one request of several'),
  )
    .action(async (file: string, flags) => (await import('../commands/explain.ts')).explain(file, flags))
    .addHelpText('after', examples('ez explain orders.yaml --at 2026-11-21T08:00:00Z --nonce abc'))
  withCommonFlags(
    program
      .command('lint')
      .summary('what is wrong before anything is sent')
      .description(
        'Checks request files: keys, variables, providers, options, outputs, scripts. Sends nothing, runs no script.',
      )
      .argument('<file...>', 'request files'),
  )
    .action(async (files: string[], flags) => (await import('../commands/lint.ts')).lint(files, flags))
    .addHelpText('after', examples('ez lint requests/*.yaml --env staging'))
}
