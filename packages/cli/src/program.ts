import { readFileSync } from 'node:fs'
import { Argument, Command, Option } from 'commander'
import { addFileCommands } from './program/file-commands.ts'
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
    .showSuggestionAfterError()
    .showHelpAfterError('Add --help for what there is.')
    .enablePositionalOptions()
    .exitOverride()
    .addHelpText(
      'after',
      `
Examples:
  ez init                                  write a first request file
  ez sign orders.yaml --var host=api.example.com
  ez explain orders.yaml                   every stage, secrets masked
  ez run orders.yaml                       send it
  ez diagnose orders.yaml --response refused.txt

Exit codes: 0 good, 1 the request failed, 2 the input is wrong.`,
    )
  addFileCommands(program)
  addToolCommands(program)
  await addCompletion(program, argv)
  return program
}

// The library is loaded only when a shell asks; the help names the command all the same.
async function addCompletion(program: Command, argv: readonly string[]): Promise<void> {
  if (argv[2] === 'completion' || argv[2] === 'complete') {
    const { default: tab } = await import('@bomb.sh/tab/commander')
    tab(program, { completionCommandName: 'completion' })
    return
  }
  program
    .command('completion')
    .summary('completion for a shell')
    .description('Prints a script that completes commands and flags. Example: source <(ez completion bash)')
    .addArgument(new Argument('<shell>').choices(['bash', 'zsh', 'fish', 'powershell']))
}
