import { Argument, type Command } from 'commander'
import { examples } from './common.ts'

/** Adds `ez completion`. The library is loaded only when a shell asks; the help names the command all the same. */
export async function addCompletion(program: Command, argv: readonly string[]): Promise<void> {
  const [, , asked, what] = argv
  if ((asked !== 'completion' && asked !== 'complete') || what === '--help' || what === '-h') {
    program
      .command('completion')
      .summary('completion for a shell')
      .description('Prints a script that completes commands, flags, their values and files.')
      .addArgument(new Argument('<shell>').choices(['bash', 'zsh', 'fish', 'powershell']))
      .addHelpText(
        'after',
        examples(`
          source <(ez completion bash)     in ~/.bashrc
          source <(ez completion zsh)      in ~/.zshrc, after compinit
          ez completion fish > ~/.config/fish/completions/ez.fish
          ez completion powershell >> $PROFILE`),
      )
    return
  }
  const { default: tab } = await import('@bomb.sh/tab/commander')
  tab(program, { completionCommandName: 'completion' })
  if (asked === 'complete') offerFiles(argv)
  else if (what === 'bash') adaptForBash()
}

const noFiles = ':4'
const files = ':0'

// The library never lets the shell complete files, which is what most arguments and flags of ours are.
function offerFiles(argv: readonly string[]): void {
  const words = argv.slice(argv.indexOf('--') + 1)
  const isFile = words.length > 1 && !words.at(-1)?.startsWith('-')
  const print = console.log
  let found = false
  console.log = (text: string): void => {
    if (text !== noFiles) found = true
    print(text === noFiles && isFile && !found ? files : text)
  }
}

// Needs a function of the package bash-completion, cannot be read twice in one shell, and never falls back to files.
function adaptForBash(): void {
  const print = console.log
  console.log = (script: string): void =>
    print(
      `${wordsFunction}\n${script.replace(/^readonly (?=ShellComp)/gm, '').replace(/^complete -F/m, 'complete -o default -F')}`,
    )
}

const wordsFunction = `# What the package bash-completion has, where it is not installed.
if ! declare -F _get_comp_words_by_ref > /dev/null; then
    _get_comp_words_by_ref() {
        cword=$COMP_CWORD
        words=("\${COMP_WORDS[@]}")
        cur=\${COMP_WORDS[COMP_CWORD]}
        prev=\${COMP_WORDS[COMP_CWORD-1]}
    }
fi
`
