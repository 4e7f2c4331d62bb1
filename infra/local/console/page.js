// What the console does with custom widgets: it calls the function of each with its params and the context, shows the answer,
// and binds each cwdb-action to the element before it.
'use strict'
const $ = id => document.getElementById(id)
const grid = $('grid')
let busy = 0

// context is what the console adds to each call.
function context(widget, box) {
  const dark = document.body.classList.contains('cwdb-theme-dark')
  const minutes = new Date().getTimezoneOffset()
  const pad = n => String(Math.floor(Math.abs(n))).padStart(2, '0')
  return {
    dashboardName, widgetId: widget.id, accountId: '000000000000', locale: 'en', title: widget.properties.title,
    theme: dark ? 'dark' : 'light',
    timezone: { label: 'Local', offsetISO: `${minutes <= 0 ? '+' : '-'}${pad(minutes / 60)}:${pad(minutes % 60)}`, offsetInMinutes: minutes },
    timeRange: { mode: 'relative', start: Date.now() - 10800000, end: Date.now(), relativeStart: 10800000 },
    width: box.clientWidth, height: box.clientHeight, params: widget.properties.params ?? {}, forms: { all: fields(box) }
  }
}

// fields collects the fields of a widget or popup by their names.
function fields(box) {
  const all = {}
  for (const f of box.querySelectorAll('input[name], select[name], textarea[name]')) {
    if ((f.type === 'radio' || f.type === 'checkbox') && !f.checked) continue
    all[f.name] = f.multiple ? [...f.selectedOptions].map(o => o.value) : f.value
  }
  return all
}

// invoke calls a function and shows its answer in the box.
async function invoke(widget, from, box, endpoint, payload) {
  busy++
  box.classList.add('wait')
  try {
    const answer = await fetch('call', {
      method: 'POST',
      body: JSON.stringify({ endpoint, payload: { ...payload, widgetContext: context(widget, from) } })
    }).then(r => r.json())
    box.replaceChildren()
    if (answer.error) {
      const p = document.createElement('p')
      p.className = 'problem'
      p.textContent = answer.error
      box.append(p)
    } else if (answer.html !== undefined) {
      box.innerHTML = answer.html // sanitised by the server
      bind(widget, box)
    } else {
      const pre = document.createElement('pre')
      pre.textContent = answer.text ?? ''
      box.append(pre)
    }
    for (const what of answer.removed ?? []) {
      const li = document.createElement('li')
      li.textContent = what
      $('removed').append(li)
    }
    $('count').textContent = $('removed').children.length
  } catch (error) {
    box.textContent = `The call has failed: ${error.message}`
  } finally {
    box.classList.remove('wait')
    busy--
  }
}

// asked shows a confirmation and resolves to whether it was given.
function asked(message) {
  $('question').textContent = message
  const dialog = $('confirm')
  dialog.showModal()
  return new Promise(resolve => {
    const end = ok => { dialog.close(); resolve(ok) }
    $('ok').onclick = () => end(true)
    $('cancel').onclick = () => end(false)
    dialog.oncancel = () => resolve(false)
  })
}

// popup opens a modal with forms and actions of its own. Closing it leaves the widget as it was.
function popup() {
  const frame = document.createElement('div')
  frame.className = 'popup'
  frame.setAttribute('role', 'dialog')
  frame.setAttribute('aria-label', 'Popup')
  const close = document.createElement('button')
  close.type = 'button'
  close.textContent = 'Close'
  close.onclick = () => frame.remove()
  const box = document.createElement('div')
  frame.append(close, box)
  document.body.append(frame)
  return box
}

function bind(widget, box) {
  for (const action of box.querySelectorAll('cwdb-action')) {
    const target = action.previousElementSibling
    const content = action.getAttribute('action') === 'call' ? action.textContent : action.innerHTML
    action.hidden = true
    if (!target) continue
    target.addEventListener(action.getAttribute('event') ?? 'click', async event => {
      event.preventDefault()
      const question = action.getAttribute('confirmation')
      if (question && !(await asked(question))) return
      const into = action.getAttribute('display') === 'popup' ? popup() : box
      if (action.getAttribute('action') === 'call') {
        await invoke(widget, box, into, action.getAttribute('endpoint'), JSON.parse(content))
      } else {
        into.innerHTML = content
        bind(widget, into)
      }
    })
  }
}

const widgets = dashboard.widgets.filter(w => w.type === 'custom').map((w, i) => {
  const frame = document.createElement('section')
  frame.className = 'widget'
  frame.style.gridColumn = `${(w.x ?? 0) + 1} / span ${w.width ?? 24}`
  const title = document.createElement('h2')
  title.textContent = w.properties.title ?? ''
  const box = document.createElement('div')
  box.className = 'content'
  frame.append(title, box)
  grid.append(frame)
  const widget = { ...w, id: `widget-${i + 1}` }
  const load = () => invoke(widget, box, box, w.properties.endpoint, w.properties.params ?? {})
  return { widget, load }
})

$('refresh').onclick = () => widgets.forEach(w => w.load())
$('theme').onclick = () => {
  const dark = document.body.classList.toggle('cwdb-theme-dark')
  $('theme').textContent = dark ? 'Light theme' : 'Dark theme'
  widgets.forEach(w => w.load())
}
if ($('day')) {
  $('day').onclick = async () => {
    $('clock').textContent = 'The schedules run…'
    const answer = await fetch('day', { method: 'POST' })
    $('clock').textContent = (answer.ok ? 'It is ' : 'It has failed: ') + (await answer.text())
    widgets.forEach(w => w.load())
  }
}
widgets.forEach(w => w.load())
