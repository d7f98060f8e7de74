// Like the widget's loader: before the press nothing else is fetched; after it, the script
// and the first view side by side.

const form = document.querySelector('form');

const begin = async () => {
  const response = await fetch('/api/v1/flows', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ kind: 'password-reset', locale: 'en' }),
  });
  return response.json();
};

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  const [{ show }, view] = await Promise.all([import('./form.js'), begin()]);
  show(form, view);
});
