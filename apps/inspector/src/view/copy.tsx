import { said } from './state.ts'

/** A button that copies a text. */
export function Copy({
  text,
  what,
  children = 'Copy',
}: {
  text: () => string
  what: string
  children?: string
}) {
  const copy = async () => {
    try {
      await copyText(text())
      said.value = `${what} is copied.`
    } catch (error) {
      said.value = error instanceof Error ? error.message : String(error)
    }
  }
  return (
    <button type="button" class="small" onClick={copy} aria-label={`${children}: ${what}`}>
      {children}
    </button>
  )
}

async function copyText(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text)
  } catch {
    // Browsers that give a page from a file no clipboard still copy a selection.
    const field = document.createElement('textarea')
    field.value = text
    document.body.append(field)
    field.select()
    const isCopied = document.execCommand('copy')
    field.remove()
    if (!isCopied)
      throw new Error('The browser does not let this page copy. Select the text and copy it yourself.')
  }
}
