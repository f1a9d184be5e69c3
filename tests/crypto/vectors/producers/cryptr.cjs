// npm cryptr, version 6, with its options.
const Cryptr = require('cryptr');
const { version } = require('cryptr/package.json');

const secret = 'correct horse battery staple';
const recipe = { cipher: 'passphrase', encoding: 'utf8' };
const vectors = [];
for (const [name, options, envelope, plaintext] of [
  ['as it is', {}, 'cryptr', 'hello naïve café'],
  ['in base64', { encoding: 'base64' }, { format: 'cryptr', encoding: 'base64' }, 'hello'],
  ['other rounds and salts', { pbkdf2Iterations: 10000, saltLength: 10 }, { format: 'cryptr', iterations: 10000, 'salt-length': 10 }, ''],
]) {
  const stored = new Cryptr(secret, options).encrypt(plaintext);
  vectors.push({ name, envelope, recipe, secret, stored, plaintext });
}
console.log(JSON.stringify({ producer: `cryptr ${version}`, vectors }));
