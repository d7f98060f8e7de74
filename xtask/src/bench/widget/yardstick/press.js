// In the place of the widget's loader: the script comes while the page is looked at, and the
// first view at the press.

const link = document.createElement('link');
document.head.append(Object.assign(link, { rel: 'modulepreload', href: '/yardstick/form.js' }));

const begin = async () => {
  const response = await fetch('/api/v1/flows', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ kind: 'password-reset', locale: 'en' }),
  });
  return response.json();
};

customElements.define('verify-widget', class extends HTMLElement {
  connectedCallback() {
    const form = this.querySelector('form');
    form.onsubmit = (event) => {
      event.preventDefault();
      Promise.all([import('/yardstick/form.js'), begin()]).then(([{ show }, view]) => show(form, view));
    };
  }
});
