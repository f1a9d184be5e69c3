// What Prisma field encryption stores: npm @47ng/cloak.
const { encryptStringSync } = require('@47ng/cloak');
const { version } = require('@47ng/cloak/package.json');

const recipe = { cipher: 'aes-256-gcm', encoding: 'base64url', prefix: 'k1.aesgcm256.' };
const padded = 'k1.aesgcm256.ej4VPr9aS9jX9xBpnVFUJrMysIYabupGJOKDxLjUvzc=';
const bare = 'k1.aesgcm256.SBaPqZy34BTnfb9K95_FsqUMqsjoIIg-pzJviLxxOsk';
const vectors = [];
for (const [name, plaintext, secret] of [
  ['a short text', 'hello naïve café', padded],
  ['a key without padding', 'hello naïve café', bare],
  ['a text of a byte', 'x', padded],
  ['a long text', 'naïve café '.repeat(99), padded],
]) {
  vectors.push({ name, envelope: 'cloak', recipe, secret, stored: encryptStringSync(plaintext, secret), plaintext });
}
console.log(JSON.stringify({ producer: `@47ng/cloak ${version}`, vectors }));
