import { Argument, type Command } from 'commander'
import { collect, examples, wholeNumber, withCommonFlags } from './common.ts'

const address = 'address of the store: redis://… or postgres://… (default: EZ_QUEUE)'

/** Commands on a queue. */
export function addQueueCommands(program: Command): void {
  withCommonFlags(
    program
      .command('worker')
      .summary('take rows of any job from a queue')
      .description(
        'Takes rows of any job from a queue and sends them; any number of workers, on any machine. It takes jobs that it was told to trust: by --trust, or by the EZ_JOB_KEY that they were signed with. EZ_STORE_KEY opens encrypted rows, and shares tokens among workers. SIGTERM ends it within --grace.',
      ),
  )
    .optionsGroup('Queue:')
    .option('--queue <address>', address)
    .option('--concurrency <number>', 'rows at the same time, of all accounts', wholeNumber(1), 16)
    .option('--trust <fingerprint>', 'take jobs with this fingerprint', collect)
    .option('--grace <seconds>', 'how long rows that are being sent may take at the end', wholeNumber(0), 30)
    .optionsGroup('Sending:')
    .option('--timeout <milliseconds>', 'limit for one attempt', wholeNumber(1), 60_000)
    .option('--retries <number>', 'how often what may be repeated is sent again', wholeNumber(0), 2)
    .option('--ca <file>', 'certificate authority, beside the built-in ones', collect)
    .option('--cert <file>', 'client certificate')
    .option('--key <file>', 'key of the client certificate')
    .action(async (flags) => (await import('../commands/worker.ts')).worker(flags))
    .addHelpText(
      'after',
      examples(`
        ez worker --queue redis://127.0.0.1 --env-file .env
        ez worker --concurrency 64 --grace 60 --json`),
    )
  program
    .command('jobs')
    .summary('what stands on a queue')
    .description(
      'Lists jobs, shows one with its accounts and what they wait for, pauses, resumes, cancels or removes it, collects its results. `setup` makes the tables in PostgreSQL.',
    )
    .addArgument(
      new Argument('[action]', 'what to do')
        .choices(['list', 'show', 'pause', 'resume', 'cancel', 'results', 'remove', 'setup'])
        .default('list'),
    )
    .argument('[id]', 'id of a job')
    .option('--queue <address>', address)
    .option('--out <file>', 'results: one JSON line for each row; goes on from what is there')
    .option('--wait', 'results: wait until all rows have ended')
    .option(
      '--take-over',
      'results: take --out from a collector that certainly has ended, on another machine',
    )
    .option('--json', 'print JSON')
    .option('--no-color', 'no colours')
    .option('--debug', 'show stacks of errors')
    .action(async (action, id: string | undefined, flags) =>
      (await import('../commands/jobs.ts')).jobs(action, id, flags),
    )
    .addHelpText(
      'after',
      examples(`
        ez jobs
        ez jobs show a1B2c3D4e5F6
        ez jobs results a1B2c3D4e5F6 --out results.ndjson --wait`),
    )
}
