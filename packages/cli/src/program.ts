import { readFileSync } from 'node:fs'
import { Command, Option } from 'commander'
import { addCompletion } from './program/completion.ts'
import { addFileCommands } from './program/file-commands.ts'
import { addLoginCommands } from './program/login-commands.ts'
import { addQueueCommands } from './program/queue-commands.ts'
import { addToolCommands } from './program/tool-commands.ts'

/** The command line: names, flags and help. What a command does is loaded when it is called. */
export async function createProgram(argv: readonly string[]): Promise<Command> {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string
  }
  const program = new Command('ez')
    .description('Prepare, sign, explain, send and diagnose HTTP requests that are written in files.')
    .version(version)
    .addOption(new Option('--debug', 'show stacks of errors').hideHelp())
    .addOption(new Option('--no-color', 'no colours').hideHelp())
    // Its flags stand in the help of a command.
    .configureHelp({
      subcommandTerm: (command) =>
        `${command.name()} ${command.usage().replace(/^\[options\] ?/, '')}`.trim(),
    })
    .showSuggestionAfterError()
    .showHelpAfterError('Add --help for what there is.')
    .enablePositionalOptions()
    .exitOverride()
    // With --json the error is told as JSON, by whoever called.
    .configureOutput(argv.includes('--json') ? { writeErr: () => {}, outputError: () => {} } : {})
    .addHelpText(
      'after',
      `
Examples:
  ez init                                  write a first request file
  ez sign orders.yaml --var host=api.example.com
  ez explain orders.yaml                   every stage, secrets masked
  ez run orders.yaml                       send it
  ez diagnose orders.yaml --response refused.txt

ez <command> --help has the flags, and more examples.
Exit codes: 0 good, 1 the request failed, 2 the input is wrong.`,
    )
  addFileCommands(program)
  addLoginCommands(program)
  addToolCommands(program)
  addQueueCommands(program)
  await addCompletion(program, argv)
  return program
}
