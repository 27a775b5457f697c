// The lines of CHANGELOG.md: what a changeset says, and nothing of packages that are published along.

export default {
  /** @param {{ summary: string }} changeset */
  getReleaseLine(changeset) {
    const [first = '', ...others] = changeset.summary.split('\n').map((line) => line.trimEnd())
    return [`- ${first}`, ...others.map((line) => (line === '' ? '' : `  ${line}`))].join('\n')
  },
  getDependencyReleaseLine: () => '',
}
