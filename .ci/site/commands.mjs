import { literal } from './pages.mjs'
import { ez } from './terminal.mjs'

/** A page with every command of `ez` and its flags, as the program tells them. */
export function commandsPage() {
  const overview = ez(['--help'])
  const names = [...overview.matchAll(/^ {2}([a-z]+)(?: [<[].*?)? {2,}/gm)]
    .map(([, name = '']) => name)
    .filter((name) => name !== 'help' && name !== 'ez')
  const listed = overview.slice(overview.indexOf('Commands:'))
  const commands = names.filter((name) => new RegExp(`^ {2}${name}\\b`, 'm').test(listed))
  const parts = commands.map((name) => `## ez ${name}\n\n\`\`\`text\n${ez([name, '--help']).trim()}\n\`\`\``)
  return literal(
    `# All commands\n\nWhat \`ez --help\` and \`ez <command> --help\` print. How they belong together: [the ez command](/cli).\n\n\`\`\`text\n${overview.trim()}\n\`\`\`\n\n${parts.join('\n\n')}`,
  )
}
