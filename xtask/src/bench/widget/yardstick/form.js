// The steps of a password reset, as somebody writes them who needs this one flow in this one
// language: no problems, no notices, no way back, no reload.

const steps = {
  identify: {
    title: 'What is your username?',
    lead: 'We use it to send a code to your email or phone.',
    fields: ['username'],
  },
  method: {
    title: 'How should we send your code?',
    lead: 'We use the email or the phone linked to your account.',
    fields: ['channel'],
  },
  code: {
    title: 'Type the code that we sent',
    lead: 'If the username is right, we sent a 6-digit code. A text can take a few minutes.',
    fields: ['code'],
  },
  'new-password': {
    title: 'Choose a new password',
    lead: 'Your code was right.',
    fields: ['password'],
  },
};

const fields = {
  username: { label: 'Username', type: 'text', autocomplete: 'username' },
  channel: { label: 'Email, text or call', type: 'text', autocomplete: 'off' },
  code: { label: '6-digit code', type: 'text', inputMode: 'numeric', autocomplete: 'one-time-code' },
  password: {
    label: 'Password',
    hint: 'At least 15 characters. Three or four words that do not belong together work well.',
    type: 'password',
    autocomplete: 'new-password',
  },
};

const node = (name, properties, ...children) => {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
};

const field = (name) => {
  const { label, hint, ...properties } = fields[name];
  const input = node('input', { id: name, name, className: 'fd-input', ...properties });
  const parts = [node('label', { htmlFor: name, textContent: label })];
  if (hint) {
    parts.push(node('p', { id: name + '-hint', className: 'fd-hint', textContent: hint }));
    input.setAttribute('aria-describedby', name + '-hint');
  }
  return node('div', { className: 'fd-field' }, ...parts, input);
};

export const show = (place, { step, progress }) => {
  const { title, lead, fields: names } = steps[step.name];
  const heading = node('h2', { tabIndex: -1, textContent: title });
  place.replaceChildren(
    node('p', { className: 'fd-progress', textContent: `Step ${progress.step} of ${progress.of}` }),
    heading,
    node('p', { className: 'fd-lead', textContent: lead }),
    ...names.map(field),
    node('input', { type: 'submit', className: 'fd-button', value: 'Continue' }),
  );
  heading.focus();
};
