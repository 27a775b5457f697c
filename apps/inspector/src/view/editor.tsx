import type { Signal } from '@preact/signals'
import { useSignalEffect } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { createEditor, type PrismEditor } from 'prism-code-editor'
import 'prism-code-editor/layout.css'
import 'prism-code-editor/prism/languages/bash'
import 'prism-code-editor/prism/languages/http'
import 'prism-code-editor/prism/languages/json'
import 'prism-code-editor/prism/languages/markup'
import 'prism-code-editor/prism/languages/yaml'
import { kindOf } from '../read/read-input.ts'

const languages = { curl: 'bash', http: 'http', json: 'json', file: 'yaml' } as const

interface Props {
  readonly id: string
  readonly label: string
  readonly text: Signal<string>
  readonly language: 'request' | 'answer' | 'yaml'
  readonly describedBy: string
  readonly invalid: boolean
}

/** A text field with colours. Tab leaves it, as every other field. */
export function Editor({ id, label, text, language, describedBy, invalid }: Props) {
  const holder = useRef<HTMLDivElement>(null)
  const editor = useRef<PrismEditor>(null)
  useEffect(() => {
    const made = createEditor(holder.current as HTMLDivElement, {
      value: text.peek(),
      language: languageOf(language, text.peek()),
      lineNumbers: false,
      wordWrap: true,
      onUpdate: (value) => {
        text.value = value
      },
    })
    const { textarea } = made
    textarea.id = id
    textarea.setAttribute('aria-label', label)
    textarea.setAttribute('aria-describedby', describedBy)
    textarea.setAttribute('aria-invalid', String(invalid))
    editor.current = made
    return () => made.remove()
  }, [])
  useEffect(() => {
    editor.current?.textarea?.setAttribute('aria-invalid', String(invalid))
  }, [invalid])
  useSignalEffect(() => {
    const value = text.value
    const made = editor.current
    if (made && made.value !== value) made.setOptions({ value, language: languageOf(language, value) })
  })
  return <div class="editor" ref={holder} />
}

function languageOf(language: Props['language'], value: string): string {
  if (language === 'request') return languages[kindOf(value)]
  if (language === 'yaml') return 'yaml'
  const start = value.trimStart()
  return start.startsWith('HTTP/') ? 'http' : start.startsWith('<') ? 'markup' : 'json'
}
