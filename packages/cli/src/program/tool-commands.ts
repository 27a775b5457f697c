import type { Command } from 'commander'
import { examples } from './common.ts'

/** Commands beside request files. */
export function addToolCommands(program: Command): void {
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
