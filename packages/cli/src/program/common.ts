import { type Command, InvalidArgumentError, Option } from 'commander'
import { grantNames } from '../grants.ts'

/** Collects a flag that may come more than once. */
export const collect = (value: string, list: readonly string[] = []): string[] => [...list, value]

/** A whole number of at least `least`, and at most `most`. */
export function wholeNumber(least: number, most: number = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const number = Number(text)
    if (!/^\d+$/.test(text) || number < least)
      throw new InvalidArgumentError(`It must be a whole number of at least ${least}.`)
    if (number > most) throw new InvalidArgumentError(`It must be at most ${most}.`)
    return number
  }
}

/** The flags of every command that reads a request file. */
export function withCommonFlags(command: Command): Command {
  return command
    .optionsGroup('Variables (later wins; first of all the file itself, ez.env.yaml and .env):')
    .option('--env <name>', 'variables from ez.env.<name>.yaml beside the request file')
    .option(
      '--env-file <file>',
      'variables from a .env file; after it come EZ_VAR_* of the environment',
      collect,
    )
    .option('--vars <file>', 'variables from a YAML or JSON file', collect)
    .option('--var <name=value>', 'set a variable; name:=json for a list, a number, …', collect)
    .option('--secret-stdin <name>', 'read a secret variable from standard input')
    .optionsGroup('Common:')
    .option('--at <instant>', 'prepare at this ISO instant instead of now')
    .option('--nonce <text>', 'use this nonce instead of a random one')
    .option('--runtime <name=value>', 'a runtime value, such as min_num; name:=json', collect)
    .addOption(allowOption())
    .option('--no-store', 'keep tokens in this process only, even those that the server replaces')
    .option('--json', 'print JSON')
    .option('--no-color', 'no colours')
    .option('--debug', 'show stacks of errors')
}

/** The flag that grants a file something. */
export const allowOption = (): Option =>
  new Option(
    '--allow <what>',
    `let the file ${Object.entries(grantNames)
      .map(([name, what]) => `${what} (${name})`)
      .join('; ')}`,
  ).argParser(grant)

function grant(value: string, list: readonly string[] = []): string[] {
  if (!Object.hasOwn(grantNames, value))
    throw new InvalidArgumentError(`Allowed are ${Object.keys(grantNames).join(', ')}.`)
  return [...list, value]
}

/** Examples under a command's help. */
export function examples(text: string): string {
  return `\nExamples:\n${text
    .trim()
    .split('\n')
    .map((line) => `  ${line.trim()}`)
    .join('\n')}`
}
