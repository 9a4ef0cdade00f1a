// Passkeys: a form with data-passkey asks the device first, then posts what it answered.
'use strict'

document.querySelectorAll('form[data-passkey]').forEach((form) => {
  const kind = form.dataset.passkey
  const failed = form.querySelector('[data-passkey-failed]')
  if (!window.PublicKeyCredential) return
  form.hidden = false

  async function options () {
    if (kind !== 'login') return JSON.parse(document.getElementById('passkey-options').textContent)
    const response = await fetch(form.action, { headers: { Accept: 'application/json' } })
    if (!response.ok) throw new Error('No answer')
    return response.json()
  }

  async function ask () {
    const data = await options()
    if (kind !== 'create') return window.webauthnJSON.get(data.request_options)
    const publicKey = data.creation_options.publicKey
    publicKey.authenticatorSelection = {
      ...publicKey.authenticatorSelection,
      residentKey: 'required',
      requireResidentKey: true,
      userVerification: 'required'
    }
    return window.webauthnJSON.create(data.creation_options)
  }

  form.addEventListener('submit', async (event) => {
    event.preventDefault()
    failed.hidden = true
    try {
      form.elements.credential.value = JSON.stringify(await ask())
      form.submit()
    } catch (error) {
      failed.hidden = false
    }
  })
})
