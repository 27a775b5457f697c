import { type Command, Option } from 'commander'
import { collect, examples, wholeNumber, withCommonFlags } from './common.ts'
import { delimiter, encoding, types } from './row-flags.ts'

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
    .option(
      '--concurrency <number>',
      'requests at the same time (default: concurrency of the file, else 4)',
      wholeNumber(1),
    )
    .option('--timeout <milliseconds>', 'limit for one attempt', wholeNumber(1), 60_000)
    .option('--retries <number>', 'how often what may be repeated is sent again', wholeNumber(0), 2)
    .option('--follow', 'go where a redirect leads: to another host without signature and secrets')
    .option('--bail', 'stop at the first request, or record, that is not as it should be')
    .option('--ca <file>', 'certificate authority, beside the built-in ones', collect)
    .option('--cert <file>', 'client certificate')
    .option('--key <file>', 'key of the client certificate')
    .option('--connect-to <from:to>', 'HOST1:PORT1:HOST2:PORT2: connect elsewhere, as curl does', collect)
    .optionsGroup('Flows:')
    .option('--from <id>', 'begin with this step; --runtime gives what earlier ones captured')
    .option('--force', 'write over output files that are there already; of rows too')
    .optionsGroup('Rows:')
    .option(
      '--data <file>',
      'one request for each row of a .csv, .json or .ndjson file; rows win over variables',
    )
    .option('--delimiter <character>', 'what separates the columns of a .csv file (default ,)', delimiter)
    .option('--encoding <name>', 'of the file of rows: windows-1252, utf-16le, … (default utf-8)', encoding)
    .option('--types <column:type>', 'of CSV columns: number, boolean, json; a:number,b:boolean', types)
    .option('--out <file>', 'results, one JSON line for each row; with what the request captures')
    .addOption(new Option('--keep <what>', 'keep in --out as well, secrets masked').choices(['body']))
    .option('--resume', 'go on from the results in --out, without sending a row twice')
    .option('--take-over', 'take --out from a run that certainly has ended, on another machine')
    .option('--fsync', 'wait for the disk before a row is sent, so that a power cut loses nothing')
    .option('--queue [address]', 'put the rows on a queue, for ez worker (default address: EZ_QUEUE)')
    .option('--detach', 'with --queue: print the id of the job, and end')
    .optionsGroup('Output:')
    .option('-i, --include', 'show the head of the answer')
    .option('-v, --verbose', 'show the request and the answer, masked')
    .option('-q, --quiet', 'one line for each request, also on a terminal')
    .option(
      '--output <file>',
      "write the body of the answer to a file; - is standard output; with --data a file for each row, 'answers/{{id}}.json'; of a flow, the folder of its files",
    )
    .option('--save <folder>', 'keep request and answer, masked, for ez diagnose')
    .addOption(
      new Option('--reporter <reporter>', 'how the outcome is told').choices(['human', 'json', 'junit']),
    )
    .option('--report-file <file>', 'write the report to a file')
    .action(async (files: string[], flags) => (await import('../commands/run.ts')).run(files, flags))
    .addHelpText(
      'after',
      examples(`
        ez run orders.yaml --env staging
        ez run requests/*.yaml --concurrency 8 --reporter junit --report-file report.xml
        ez run order.yaml --data orders.csv --out results.ndjson
        ez run order.yaml --data orders.csv --out results.ndjson --resume
        ez run order.yaml --data excel.csv --delimiter ';' --encoding windows-1252 --types quantity:number
        ez run label.yaml --data orders.csv --output 'labels/{{id}}.pdf'
        ez run export.yaml --output export.csv
        ez run report-flow.yaml --from wait --runtime report_id=12345`),
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
    .optionsGroup('Token requests:')
    .option('--ca <file>', 'certificate authority, beside the built-in ones', collect)
    .option('--cert <file>', 'client certificate')
    .option('--key <file>', 'key of the client certificate')
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
    .optionsGroup('Token requests:')
    .option('--ca <file>', 'certificate authority, beside the built-in ones', collect)
    .option('--cert <file>', 'client certificate')
    .option('--key <file>', 'key of the client certificate')
    .action(async (file: string, flags) => (await import('../commands/explain.ts')).explain(file, flags))
    .addHelpText('after', examples('ez explain orders.yaml --at 2026-11-21T08:00:00Z --nonce abc'))
  withCommonFlags(
    program
      .command('lint')
      .summary('what is wrong before anything is sent')
      .description(
        'Checks request files: keys, variables, providers, options, outputs, scripts. Sends nothing; Python scripts are tried in their sandbox.',
      )
      .argument('<file...>', 'request files'),
  )
    .action(async (files: string[], flags) => (await import('../commands/lint.ts')).lint(files, flags))
    .addHelpText('after', examples('ez lint requests/*.yaml --env staging'))
  withCommonFlags(
    program
      .command('diagnose')
      .summary('why a server refused')
      .description('Compares, line by line, what the server says it expected with what was signed.')
      .argument('[file]', 'request file; file.yaml#name for one request of several'),
  )
    .optionsGroup('The refusal:')
    .option(
      '--curl <file>',
      'instead of a request file: a request as it was signed elsewhere; needs no secret',
    )
    .option('--response <file>', 'saved answer: of ez run --save, of curl -i, JSON, or a body alone')
    .option('--status <number>', 'its status, when a body alone was saved', wholeNumber(100))
    .option('--send', 'send the request now, and diagnose its answer')
    .option('--timeout <milliseconds>', 'limit for sending', wholeNumber(1), 60_000)
    .option('--ca <file>', 'certificate authority, beside the built-in ones', collect)
    .option('--cert <file>', 'client certificate')
    .option('--key <file>', 'key of the client certificate')
    .option('--connect-to <from:to>', 'HOST1:PORT1:HOST2:PORT2: connect elsewhere, as curl does', collect)
    .action(async (file: string | undefined, flags) =>
      (await import('../commands/diagnose.ts')).diagnose(file, flags),
    )
    .addHelpText(
      'after',
      examples(`
        ez diagnose orders.yaml --response saved/orders.yaml.json
        ez diagnose orders.yaml --send
        ez diagnose --curl curl.txt --response body.xml`),
    )
}
