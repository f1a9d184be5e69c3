// Seals of npm iron-session, which never expire or do so in a hundred years, and of iron-webcrypto.
const { readFileSync } = require('fs');
const { sealData } = require('iron-session');
const iron = require('iron-webcrypto');

const { version } = JSON.parse(readFileSync(`${process.env.NODE_PATH}/iron-session/package.json`));
const secret = 'a made-up password of more than 32 characters';
const recipe = { cipher: 'passphrase', encoding: 'utf8' };
const data = { user: 'naïve café', admin: false };
const plaintext = JSON.stringify(data);
const ttl = 100 * 366 * 86400;

(async () => {
  const vectors = [];
  const add = (name, envelope, stored, given = secret, how = recipe) => vectors.push({ name, envelope, recipe: how, secret: given, stored, plaintext });
  add('with an expiration', 'iron-session', await sealData(data, { password: secret, ttl }));
  add('without an expiration', 'iron-session', await sealData(data, { password: secret, ttl: 0 }));
  const second = { format: 'iron-session', 'password-id': '2' };
  add('with a password id', second, await sealData(data, { password: { 1: 'x'.repeat(32), 2: secret }, ttl: 0 }));
  add('of iron-webcrypto', 'iron-session', await iron.seal(data, secret, iron.defaults));
  const bytes = '7a3e153ebf5a4bd8d7f710699d515426b332b0861a6eea4624e283c4b8d4bf37';
  const key = new Uint8Array(Buffer.from(bytes, 'hex'));
  add('under bytes', 'iron-session', await iron.seal(data, key, iron.defaults), bytes, { cipher: 'passphrase', encoding: 'hex' });
  console.log(JSON.stringify({ producer: `iron-session ${version}`, vectors }));
})();
