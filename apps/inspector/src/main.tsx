import { render } from 'preact'
import './style.css'
import { load } from './view/load.ts'
import { watch } from './view/outcome.ts'
import { Page } from './view/page.tsx'

const root = document.getElementById('page') as HTMLElement
root.textContent = ''
load()
watch()
render(<Page />, root)
