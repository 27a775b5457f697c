/**
 * What a reader finds in the README of every provider.
 *
 * @param {string} text @param {string} name @param {boolean} isSigner @param {(text: string) => void} problem
 */
export function checkReadme(text, name, isSigner, problem) {
  const wanted = {
    [`the title "# ${name}"`]: text.startsWith(`# ${name}\n`),
    [`a block sh with "npm install @ez/core ${name}"`]: text.includes(
      `\`\`\`sh\nnpm install @ez/core ${name}\n`,
    ),
    'an example in TypeScript': /^```ts\n/m.test(text),
    'a table of options': /^\| *option/m.test(text),
    'what it **writes**': /^\*\*Writes\*\*/m.test(text),
    'its **trace**': /^\*\*Trace\*\*/m.test(text),
    limits: /\*\*Limits/.test(text),
    ...(isSigner
      ? {
          'the sources of its vectors': /\*\*Vectors/.test(text),
        }
      : {}),
    '60 lines at the most': text.split('\n').length <= 61,
  }
  for (const [what, found] of Object.entries(wanted)) if (!found) problem(`README.md lacks ${what}.`)
}
